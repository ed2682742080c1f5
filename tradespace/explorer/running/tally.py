"""Counting calls, and what they cost, against a budget."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class BudgetSpent(Exception):  # noqa: N818 - not an error: the run stops as asked
    """A run stopped because its budget would have been exceeded; what was paid for is in the ledger."""


@dataclass
class Tally:
    """How many calls there are: those that had to be made, and those that pipelines would make without sharing any.

    Attributes:
        limit: the most that may be made; None is no limit.
        seconds: spent in making them, building what they need included.
        usd: dollars that those of language models cost, where they have prices of their own.
        usd_limit: the dollars after which no call is made; None is no limit.
        deadline: the time, in the seconds of `time.monotonic`, after which no call is made; None is no limit.
    """

    limit: int | None = None
    asked: int = 0
    made: int = 0
    seconds: float = 0.0
    usd: float = 0.0
    usd_limit: float | None = None
    deadline: float | None = None

    def spend(self, calls: int) -> None:
        """Count calls that are about to be made.

        Raises:
            BudgetSpent: they would exceed the limit, the dollars are spent, or the time is up.
        """
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise BudgetSpent("the time is up")
        if self.usd_limit is not None and self.usd >= self.usd_limit:
            raise BudgetSpent(f"{self.usd_limit:.3g} dollars are spent, which is what the budget allows")
        if self.limit is not None and self.made + calls > self.limit:
            raise BudgetSpent(f"the budget of {self.limit} calls is spent: {self.made} were made")
        self.made += calls

    def give_back(self, calls: int) -> None:
        """Take back calls that a server did not answer: once it is back, they are made within the same limit."""
        self.made -= calls

    @contextmanager
    def any_number(self) -> Iterator[None]:
        """Let as many calls be made as there are, while the block lasts; dollars stay limited."""
        limit, self.limit = self.limit, None
        try:
            yield
        finally:
            self.limit = limit

    def lift(self) -> None:
        """Let what comes be made whatever it takes."""
        self.limit = self.usd_limit = self.deadline = None
