"""Evaluations are written down and read back as they were; missing values stay missing."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import pytest
from hypothesis import given

from tradespace.explorer.results import Evaluation
from tradespace.explorer.storage.evaluation_codec import decode, encode
from tradespace.testing.evaluation_store_contract import BM25_EVALUATION, evaluations


@given(evaluation=evaluations)
def test_an_evaluation_is_read_back_as_it_was_written(evaluation: Evaluation) -> None:
    """None stays None, floats stay exact, positions stay integers."""
    assert decode(*encode(evaluation)) == evaluation


@pytest.mark.parametrize("dollars", [(0.5, None), ()])
def test_dollars_that_an_earlier_version_stored_are_read(dollars: tuple[float | None, ...]) -> None:
    """They were the only thing that was metered, in a place of their own."""
    value, rows = encode(BM25_EVALUATION)
    earlier = {name: part for name, part in json.loads(zlib.decompress(value)).items() if name != "metered"}
    read = decode(zlib.compress(json.dumps(earlier | {"usd": dollars}).encode()), rows)
    assert read.metered == ({"usd": dollars} if dollars else {})


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("field", ["scores", "seconds"])
def test_numbers_that_were_never_measured_are_refused(bad: float, field: str) -> None:
    """A NaN would come back as a missing value."""
    with pytest.raises(ValueError, match="finite"):
        encode(replace(BM25_EVALUATION, **{field: {"answer_f1": (bad,)}}))


@pytest.mark.parametrize("field", ["server_calls", "repeats"])
def test_evaluations_from_before_they_told_something_do_not_have_it(field: str) -> None:
    """All else of them is read."""
    value, rows = encode(BM25_EVALUATION)
    earlier = {name: part for name, part in json.loads(zlib.decompress(value)).items() if name != field}
    assert decode(zlib.compress(json.dumps(earlier).encode()), rows) == BM25_EVALUATION
