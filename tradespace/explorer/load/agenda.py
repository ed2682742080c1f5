"""The clock of a simulation: what happens at which second, in order."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

_LAST = 1 << 60
"""Added to the number of what waits for all else of its instant."""


class Agenda:
    """Actions by the second that they are due at; those of one instant in the order in which they were put down.

    Attributes:
        now: the second of the last action, or that time was advanced to.
    """

    __slots__ = ("_count", "_due", "now")

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, second: float, action: Callable[[], None], *, last: bool = False) -> None:
        """Put down an action; `last` waits for all other actions of its instant."""
        self._count += 1
        heappush(self._due, (second, self._count + _LAST if last else self._count, action))

    def advance_to(self, second: float) -> None:
        """Do what is due up to this second, itself included."""
        due = self._due
        while due and due[0][0] <= second:
            self.now, _, action = heappop(due)
            action()
        self.now = max(self.now, second)

    def finish(self) -> None:
        """Do all there is to do."""
        due = self._due
        while due:
            self.now, _, action = heappop(due)
            action()
