"""Pipelines that were measured elsewhere, as components."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.base import Pipeline
from tradespace.components.corpus import Corpus
from tradespace.components.notation import parse
from tradespace.components.readers.recorded import RecordedReader
from tradespace.components.store import ArtefactStore
from tradespace.errors import ComponentError

NAMES = st.sampled_from(["model", "k", "name", "settings", "role", "copy", "fields", "key"])
VALUES = (
    st.text(st.characters(codec="utf-8"))
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.none()
)


@given(st.dictionaries(NAMES, VALUES))
def test_any_settings_are_written_and_read_back(settings: dict[str, str | int | float | bool | None]) -> None:
    """Whatever a table's columns are called, and whatever stands in them."""
    pipeline = Pipeline((RecordedReader(**settings),))
    assert pipeline.components[0].settings == settings
    assert str(parse(str(pipeline))) == str(pipeline)
    assert parse(str(pipeline)) == pipeline


def test_every_setting_makes_a_difference() -> None:
    """For equality, and for the address."""
    one, other = (Pipeline((RecordedReader(model="a", k=k),)) for k in (1, 2))
    assert one != other
    assert one.address != other.address


def test_it_cannot_answer(tmp_path: Path) -> None:
    """Only its figures are known, and the message says so."""
    with pytest.raises(ComponentError, match=r"recorded\(k=1\) was measured elsewhere"):
        RecordedReader(k=1).open(Corpus((), ArtefactStore(tmp_path)))
