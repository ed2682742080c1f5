"""Rows are packed and unpacked without loss."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.explorer.storage.rows import Rows, pack, unpack

numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(numbers).map(tuple))
def test_a_row_is_unpacked_as_it_was_packed(row: tuple[float | None, ...]) -> None:
    """Floats stay exact to the last bit, None stays None."""
    assert unpack(pack(row)) == row
    assert [math.copysign(1, one) for one in unpack(pack(row)) if one is not None] == [
        math.copysign(1, one) for one in row if one is not None
    ]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_no_measurement_gives_is_refused(bad: float) -> None:
    """The message says what was given."""
    with pytest.raises(ValueError, match=f"given: .*{bad}"):
        pack((0.5, bad))


def test_a_row_is_unpacked_when_it_is_asked_for() -> None:
    """And the others stay as they are."""
    asked: list[bytes] = []

    def noted(packed: bytes) -> tuple[float | None, ...]:
        asked.append(packed)
        return unpack(packed)

    first, second = pack((0.5, None)), pack((1.0, 0.0))
    rows = Rows({"mrr": len(first), "ndcg": len(second)}, b"before" + first + second + b"behind", 6, noted)
    assert (list(rows), len(rows), asked) == (["mrr", "ndcg"], 2, [])
    assert rows["mrr"] == (0.5, None)
    assert asked == [pack((0.5, None))]
    assert rows == {"mrr": (0.5, None), "ndcg": (1.0, 0.0)}
    assert "recall" not in rows
