"""Calls within a budget: counted before they are made, and paid for after."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tradespace.components.base import Call, Component
from tradespace.components.corpus import Corpus
from tradespace.components.priced import PricedModel
from tradespace.explorer.running.bill import PaidCall
from tradespace.explorer.running.budget import Budget
from tradespace.explorer.running.executors.base import Executor
from tradespace.plurals import count
from tradespace.types import Failure, Given, NoAnswer, Outcome, Timed, Unavailable


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

    def make(
        self, component: Component, requests: Sequence[Given], corpus: Corpus
    ) -> Sequence[Outcome | Timed | Failure]:
        """Make calls, unless the budget is spent.

        Raises:
            BudgetSpent: they exceed the budget, and are not made.
        """
        self.budget.spend(len(requests))
        began = time.perf_counter()
        self.working(f"{count(self.budget.made, 'call')}, the last ones of {component.name}")
        outcomes = self.executor.make(component, requests, corpus)
        self.budget.calling += time.perf_counter() - began
        if isinstance(component, PricedModel):
            self.budget.usd += self.bill(list(_paid(component, requests, outcomes)))
        if any(isinstance(outcome, Unavailable) for outcome in outcomes):
            self.budget.give_back(sum(isinstance(outcome, Failure) for outcome in outcomes))
        return outcomes


def _paid(
    component: Component, requests: Sequence[Given], outcomes: Sequence[Outcome | Timed | Failure]
) -> Iterator[PaidCall]:
    """The calls that are paid for: those whose reply is no answer too."""
    for request, outcome in zip(requests, outcomes, strict=True):
        if isinstance(outcome, Timed):
            yield PaidCall(Call(component, request), outcome.outcome, outcome.seconds)
        elif isinstance(outcome, NoAnswer):
            yield PaidCall(Call(component, request), outcome.reply)
        elif not isinstance(outcome, Failure):
            yield PaidCall(Call(component, request), outcome)
