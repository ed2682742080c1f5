"""What a budget allows: how much the search may take, and how much is kept back for confirming what it finds.

Minutes and dollars are those of the whole exploration: planning, searching and confirming. What confirming the
finalists takes is judged by what evaluating pipelines has taken so far.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from tradespace.explorer.clock import Clock
from tradespace.explorer.running.tally import Tally
from tradespace.search_space.sections import Budget

KEPT_AT_FIRST, KEPT_AT_MOST = 0.25, 0.5
"""Shares of a budget that are kept back for confirming: before anything was evaluated, and at most."""


class Growth(NamedTuple):
    """How many times as much confirming one pipeline takes as exploring one: in calls, and in timing its stages."""

    calls: float
    timing: float


@dataclass
class Allowance:
    """What is left of the minutes and dollars of a budget.

    Attributes:
        clock: seconds of this and earlier runs.
        tally: counts calls, their seconds and their dollars.
        usd_per_hour: what an hour of this machine costs; None where that is not known.
        finalists: pipelines to confirm, about; 0 where none are.
        growth: how much more one of them takes than a pipeline that is explored.
    """

    budget: Budget
    clock: Clock
    tally: Tally
    usd_per_hour: float | None
    finalists: int
    growth: Growth
    _evaluated: int = field(default=0, init=False)
    _calling: float = field(default=0.0, init=False)
    _timing: float = field(default=0.0, init=False)
    _usd: float = field(default=0.0, init=False)

    @property
    def seconds_left(self) -> float | None:
        """Seconds that are left for everything; None where nothing bounds them."""
        return None if self._seconds is None else self._seconds - self.clock.seconds

    @property
    def seconds_to_search(self) -> float | None:
        """Those of them that the search may take."""
        if self._seconds is None:
            return None
        return self._seconds - self.clock.seconds - self._kept(self._seconds, self.seconds_to_confirm)

    @property
    def usd_to_search(self) -> float | None:
        """Dollars of calls, the earlier ones included, that the search may come to; None where nothing bounds them."""
        usd = self.budget.usd
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
    def evaluating(self, pipelines: int) -> Iterator[None]:
        """Learn from evaluating so many pipelines what one takes."""
        start, before, usd = time.monotonic(), self.tally.seconds, self.tally.usd
        yield
        calling = self.tally.seconds - before
        self._evaluated += pipelines
        self._calling += calling
        self._timing += time.monotonic() - start - calling
        self._usd += self.tally.usd - usd

    @property
    def _seconds(self) -> float | None:
        """Seconds that the budgets in minutes and, with a price, in dollars allow."""
        bounds = [] if self.budget.minutes is None else [self.budget.minutes * 60]
        if self.budget.usd is not None and self.usd_per_hour:
            bounds.append((self.budget.usd - self.tally.usd) / self.usd_per_hour * 3600)
        return min(bounds, default=None)

    def _kept(self, limit: float, needed: float | None) -> float:
        if not self.finalists:
            return 0.0
        return limit * KEPT_AT_FIRST if needed is None else min(needed, limit * KEPT_AT_MOST)

    def _per_pipeline(self, all_of_them: float) -> float | None:
        return self.finalists * all_of_them / self._evaluated if self._evaluated else None
