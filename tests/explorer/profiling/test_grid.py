"""What is measured is halved where there is not the time for all of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tradespace.explorer.profiling.grid import ProfileGrid, affordable_grid, full_grid


def seconds(size: int, busy: int) -> float:
    return size * max(1, busy / 2)


@given(st.integers(1, 64), st.integers(1, 16), st.floats(0, 2000))
def test_as_much_as_there_is_time_for(batch: int, busy: int, limit: float) -> None:
    """The corners are always measured, and nothing that was not wanted."""
    wanted = full_grid(batch, busy)
    grid = affordable_grid(wanted, seconds, limit)
    assert wanted.corners <= set(grid.cells) <= set(wanted.cells)
    assert set(grid.cells) == wanted.corners or sum(seconds(*cell) for cell in grid.cells) <= limit


def test_all_of_it_where_there_is_time() -> None:
    """Sizes and numbers are doubled up to the largest."""
    assert affordable_grid(full_grid(8, 3), seconds, 1000) == ProfileGrid((1, 2, 4, 8), (1, 2, 3))


def test_the_longer_side_is_halved_first() -> None:
    """What is left lies evenly between the ends."""
    assert affordable_grid(full_grid(16, 2), seconds, 50) == ProfileGrid((1, 4, 16), (1, 2))
