"""What an exploration may use, and what it has used: calls, seconds and dollars, over all runs that continued it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tradespace.explorer.results import Outlay
from tradespace.plurals import agreeing, count
from tradespace.search_space.sections import BudgetLimits


class BudgetSpent(Exception):  # noqa: N818 - not an error: the run stops as asked
    """A run stopped because its budget would have been exceeded; what was paid for is in the ledger."""


@dataclass
class Budget:
    """The one account of an exploration. What earlier runs used is handed in, and counts.

    Attributes:
        limits: those of the whole exploration: planning, searching and confirming.
        usd_per_hour: what this machine costs; None where that is unknown, and dollars of a search are missing.
        asked: calls that pipelines would make without sharing any.
        made: calls that had to be made.
        usd: dollars that calls of language models cost, where they have prices of their own.
        earlier: seconds of wall time that earlier runs used.
        judging_calls, judging_usd: those of `made` and `usd` that measures made to score answers.
        now: the time, in seconds from any beginning.
        calling: seconds that this run spent in making calls, building what they need included.
        pipelines: those that this run evaluated while it searched.
    """

    limits: BudgetLimits = field(default_factory=BudgetLimits)
    usd_per_hour: float | None = None
    asked: int = 0
    made: int = 0
    usd: float = 0.0
    earlier: float = 0.0
    judging_calls: int = 0
    judging_usd: float = 0.0
    now: Callable[[], float] = time.monotonic
    calling: float = field(default=0.0, init=False)
    pipelines: int = field(default=0, init=False)
    _closed: Outlay | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._start, self._made_before, self._usd_before = self.now(), self.made, self.usd
        self.allow(calls=self.limits.calls, usd=self.limits.usd)

    def allow(self, *, calls: int | None = None, usd: float | None = None, seconds: float | None = None) -> None:
        """Say what may be used from now on; None is no limit.

        Args:
            calls: the most that are made, the earlier ones included.
            usd: the dollars after which no call is made, the earlier ones included.
            seconds: from now, after which no call is made.
        """
        self._calls, self._usd = calls, usd
        self._deadline = None if seconds is None else self.now() + seconds

    @contextmanager
    def any_number(self) -> Iterator[None]:
        """Let as many calls be made as there are, while the block lasts; dollars stay limited."""
        calls, self._calls = self._calls, None
        try:
            yield
        finally:
            self._calls = calls

    @contextmanager
    def judging(self) -> Iterator[None]:
        """Count calls that are made while the block lasts, and their dollars, as those of measures too."""
        made, usd = self.made, self.usd
        try:
            yield
        finally:
            self.judging_calls += self.made - made
            self.judging_usd += self.usd - usd

    def spend(self, calls: int) -> None:
        """Count calls that are about to be made.

        Raises:
            BudgetSpent: they would exceed the limit, the dollars are spent, or the time is up.
        """
        if self._deadline is not None and self.now() >= self._deadline:
            raise BudgetSpent("the time is up")
        if self._usd is not None and self.usd >= self._usd:
            raise BudgetSpent(f"{self._usd:.3g} dollars are spent, which is what the budget allows")
        if self._calls is not None and self.made + calls > self._calls:
            raise BudgetSpent(
                f"the budget of {count(self._calls, 'call')} is spent: {agreeing(self.made, 'was', 'were')} made"
            )
        self.made += calls

    def give_back(self, calls: int) -> None:
        """Take back calls that a server did not answer: once it is back, they are made within the same limit."""
        self.made -= calls

    @property
    def seconds(self) -> float:
        """Seconds of wall time used so far, by all runs."""
        return self.earlier + self.now() - self._start

    @property
    def seconds_allowed(self) -> float | None:
        """Seconds that minutes, and dollars where this machine has a price, allow; None where neither is limited."""
        bounds = [] if self.limits.minutes is None else [self.limits.minutes * 60]
        if self.limits.usd is not None and self.usd_per_hour:
            bounds.append((self.limits.usd - self.usd) / self.usd_per_hour * 3600)
        return min(bounds, default=None)

    @property
    def seconds_left(self) -> float | None:
        """Seconds that are left for everything; None where nothing bounds them."""
        return None if self.seconds_allowed is None else self.seconds_allowed - self.seconds

    @property
    def spent(self) -> Outlay:
        """What the search of this run has taken."""
        return self._closed or self._so_far()

    def close_search(self) -> None:
        """Whatever is used later is not the search's."""
        self._closed = self._so_far()

    def _so_far(self) -> Outlay:
        machine = None if self.usd_per_hour is None else self.calling * self.usd_per_hour / 3600
        usd = None if machine is None else machine + self.usd - self._usd_before
        return Outlay(self.pipelines, self.made - self._made_before, self.calling, usd)
