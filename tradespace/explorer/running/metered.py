"""Calls within a budget: counted before they are made, and paid for after."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from tradespace.components.base import Call
from tradespace.components.priced import PricedModel
from tradespace.explorer.running.bill import PaidCall
from tradespace.explorer.running.budget import Budget, BudgetSpent
from tradespace.explorer.running.executors.base import BatchesMade, CallBatch, Executor, MadeBatch
from tradespace.plurals import count
from tradespace.types import Failure, NoAnswer, Timed, Unavailable


@dataclass(frozen=True)
class Metered:
    """An executor whose calls are counted in a budget.

    Attributes:
        bill: the dollars of calls of language models.
        working: called with how many there were.
    """

    executor: Executor
    budget: Budget
    bill: Callable[[Sequence[PaidCall]], float]
    working: Callable[[str], None]

    def make(self, batches: Iterable[CallBatch]) -> BatchesMade:
        """Make batches until the budget is spent; those that are under way then are made to their end.

        Raises:
            BudgetSpent: a batch exceeds the budget; neither it nor those behind it are made.
        """
        refused: list[BudgetSpent] = []
        with closing(self.executor.make(self._afforded(batches, refused))) as under_way:
            while made := self._awaited(under_way):
                self._pay(made)
                yield made
        if refused:
            raise refused[0]

    def _afforded(self, batches: Iterable[CallBatch], refused: list[BudgetSpent]) -> Iterator[CallBatch]:
        """Batches up to the first that exceeds the budget, each counted as it is taken."""
        for batch in batches:
            try:
                self.budget.spend(len(batch.requests))
            except BudgetSpent as spent:
                refused.append(spent)
                return
            self.working(f"{count(self.budget.made, 'call')}, the last ones of {batch.component.name}")
            yield batch

    def _awaited(self, under_way: BatchesMade) -> MadeBatch | None:
        """The next batch that is made, None behind the last. Only waiting for it is time that calls take."""
        began = time.perf_counter()
        try:
            return next(under_way, None)
        finally:
            self.budget.calling += time.perf_counter() - began

    def _pay(self, made: MadeBatch) -> None:
        if isinstance(made.batch.component, PricedModel):
            self.budget.usd += self.bill(list(_paid(made)))
        if any(isinstance(outcome, Unavailable) for outcome in made.outcomes):
            self.budget.give_back(sum(isinstance(outcome, Failure) for outcome in made.outcomes))


def _paid(made: MadeBatch) -> Iterator[PaidCall]:
    """The calls that are paid for: those whose reply is no answer too."""
    component = made.batch.component
    for request, outcome in zip(made.batch.requests, made.outcomes, strict=True):
        if isinstance(outcome, Timed):
            yield PaidCall(Call(component, request), outcome.outcome, outcome.seconds)
        elif isinstance(outcome, NoAnswer):
            yield PaidCall(Call(component, request), outcome.reply)
        elif not isinstance(outcome, Failure):
            yield PaidCall(Call(component, request), outcome)
