"""Which sizes of batches, and how many busy replicas, there is time to measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProfileGrid:
    """Each of the sizes with each of the numbers of busy replicas; both ascend from 1."""

    sizes: tuple[int, ...]
    busy: tuple[int, ...]

    @property
    def cells(self) -> list[tuple[int, int]]:
        """Size and number of busy replicas, of all pairs."""
        return [(size, count) for size in self.sizes for count in self.busy]

    @property
    def corners(self) -> set[tuple[int, int]]:
        """The pairs without which nothing between them can be told."""
        return {(size, count) for size in (1, self.sizes[-1]) for count in (1, self.busy[-1])}


def doubled_up_to(most: int) -> tuple[int, ...]:
    """1, 2, 4 … and the most.

    >>> doubled_up_to(6), doubled_up_to(1)
    ((1, 2, 4, 6), (1,))
    """
    return (*(2**power for power in range(most.bit_length()) if 2**power < most), most)


def full_grid(batch: int, busy: int) -> ProfileGrid:
    """All that is worth measuring for batches of so many, and so many replicas."""
    return ProfileGrid(doubled_up_to(batch), doubled_up_to(busy))


def affordable_grid(grid: ProfileGrid, seconds: Callable[[int, int], float], limit: float) -> ProfileGrid:
    """The grid, halved until its cells take no longer than the limit, or only its corners are left.

    Args:
        grid: what is wanted.
        seconds: what it takes to measure a size with a number of busy replicas.
        limit: seconds that all of them may take.
    """
    while len(grid.cells) > len(grid.corners) and sum(seconds(*cell) for cell in grid.cells) > limit:
        if len(grid.sizes) >= len(grid.busy):
            grid = ProfileGrid(_halved(grid.sizes), grid.busy)
        else:
            grid = ProfileGrid(grid.sizes, _halved(grid.busy))
    return grid


def _halved(values: tuple[int, ...]) -> tuple[int, ...]:
    """Every second one; the first and the last stay."""
    return (1, *(value for value in values[::-1][::2][::-1] if value > 1))
