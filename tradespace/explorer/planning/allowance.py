"""What a budget allows: how much the search may take, and how much is kept back for confirming what it finds.

Minutes and dollars are those of the whole exploration: planning, searching and confirming. What confirming the
finalists takes is judged by what evaluating pipelines has taken so far.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from tradespace.explorer.running.budget import Budget

KEPT_AT_FIRST, KEPT_AT_MOST = 0.25, 0.5
"""Shares of a budget that are kept back for confirming: before anything was evaluated, and at most."""
LEAST_SECONDS = 60.0
"""What the first pipeline may take however little of the budget is left."""


class Growth(NamedTuple):
    """How many times as much confirming one pipeline takes as exploring one: in calls, and in timing its stages."""

    calls: float
    timing: float


@dataclass
class Allowance:
    """How a budget is shared between searching and confirming.

    Attributes:
        finalists: pipelines to confirm, about; 0 where none are.
        growth: how much more one of them takes than a pipeline that is explored.
    """

    budget: Budget
    finalists: int
    growth: Growth
    _evaluated: float = field(default=0.0, init=False)
    _calling: float = field(default=0.0, init=False)
    _timing: float = field(default=0.0, init=False)
    _usd: float = field(default=0.0, init=False)

    @property
    def seconds_to_search(self) -> float | None:
        """Those of the seconds left that the search may take; None where nothing bounds them."""
        allowed, left = self.budget.seconds_allowed, self.budget.seconds_left
        return None if allowed is None or left is None else left - self._kept(allowed, self.seconds_to_confirm)

    @property
    def seconds_for_the_first(self) -> float | None:
        """Those that the first pipeline may take, to be evaluated and again to be confirmed: all that are left, and a
        minute at least, as without it there is nothing to show."""
        left = self.budget.seconds_left
        return None if left is None else max(left, LEAST_SECONDS)

    @property
    def usd_to_search(self) -> float | None:
        """Dollars of calls, the earlier ones included, that the search may come to; None where nothing bounds them."""
        usd = self.budget.limits.usd
        return None if usd is None else usd - self._kept(usd, self._per_pipeline(self._usd * self.growth.calls))

    @property
    def seconds_to_confirm(self) -> float | None:
        """About what confirming all finalists takes; None where nothing was evaluated yet."""
        return self._per_pipeline(self._calling * self.growth.calls + self._timing * self.growth.timing)

    def fitting(self, pipelines: int) -> int:
        """How many of so many pipelines the search has time to evaluate together: at least one."""
        left, each = self.seconds_to_search, (self._calling + self._timing) / max(1, self._evaluated)
        if left is None:
            return pipelines
        return max(1, min(pipelines, int(left / each))) if each else 1

    @contextmanager
    def evaluating(self, pipelines: float) -> Iterator[None]:
        """Learn from evaluating so many pipelines, or a part of one, what one takes."""
        start, before, usd = self.budget.now(), self.budget.calling, self.budget.usd
        yield
        calling = self.budget.calling - before
        self._evaluated += pipelines
        self._calling += calling
        self._timing += self.budget.now() - start - calling
        self._usd += self.budget.usd - usd

    def _kept(self, limit: float, needed: float | None) -> float:
        if not self.finalists:
            return 0.0
        return limit * KEPT_AT_FIRST if needed is None else min(needed, limit * KEPT_AT_MOST)

    def _per_pipeline(self, all_of_them: float) -> float | None:
        return self.finalists * all_of_them / self._evaluated if self._evaluated else None
