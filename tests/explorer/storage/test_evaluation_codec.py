"""Evaluations are written down and read back as they were; missing values stay missing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from tradespace.explorer.results import Evaluation
from tradespace.explorer.storage.evaluation_codec import decode, encode
from tradespace.testing.evaluation_store_contract import BM25, evaluations


@given(evaluation=evaluations)
def test_an_evaluation_is_read_back_as_it_was_written(evaluation: Evaluation) -> None:
    """None stays None, floats stay exact, positions stay integers."""
    assert decode(*encode(evaluation)) == evaluation


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("field", ["scores", "seconds"])
def test_numbers_that_were_never_measured_are_refused(bad: float, field: str) -> None:
    """A NaN would come back as a missing value."""
    with pytest.raises(ValueError, match="finite"):
        encode(replace(BM25, **{field: {"answer_f1": (bad,)}}))
