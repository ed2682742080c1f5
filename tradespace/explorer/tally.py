"""Counting calls against a budget."""

from __future__ import annotations

from dataclasses import dataclass


class BudgetSpent(Exception):  # noqa: N818 - not an error: the run stops as asked
    """A run stopped because its budget would have been exceeded; what was paid for is in the ledger."""


@dataclass
class Tally:
    """How many calls there are: those that had to be made, and those that pipelines would make without sharing any.

    Attributes:
        limit: the most that may be made; None is no limit.
        seconds: spent in making them, building what they need included.
    """

    limit: int | None = None
    asked: int = 0
    made: int = 0
    seconds: float = 0.0

    def spend(self, calls: int) -> None:
        """Count calls that are about to be made.

        Raises:
            BudgetSpent: they would exceed the limit.
        """
        if self.limit is not None and self.made + calls > self.limit:
            raise BudgetSpent(f"the budget of {self.limit} calls is spent: {self.made} were made")
        self.made += calls
