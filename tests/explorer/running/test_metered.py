"""Calls are counted before they are made and paid for after, whoever makes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pytest

from tradespace.components.base import Component
from tradespace.components.corpus import Corpus
from tradespace.components.llms.openai import OpenAI
from tradespace.components.readers.sentence import SentenceReader
from tradespace.components.store import ArtefactStore
from tradespace.explorer.running.bill import Bill
from tradespace.explorer.running.budget import Budget, BudgetSpent
from tradespace.explorer.running.executors import BatchesMade, CallBatch, Executor, MadeBatch
from tradespace.explorer.running.metered import Metered
from tradespace.search_space.sections import BudgetLimits, ModelPrice, Prices
from tradespace.types import Answer, Completion, Failure, Given, Message, Outcome, Prompt, Request, Timed, Unavailable

CORPUS = Corpus((), ArtefactStore(Path()))
MODEL = OpenAI(model="priced", base_url="http://localhost:1/v1")
PROMPTS = tuple(Prompt((Message("user", text),)) for text in "ab")


@dataclass
class Scripted:
    """An executor that returns what it was told to, and remembers what it was asked."""

    outcomes: Sequence[Outcome | Timed | Failure]
    made: list[Given] = field(default_factory=list)

    def make(self, batches: Iterable[CallBatch]) -> BatchesMade:
        for batch in batches:
            self.made += batch.requests
            yield MadeBatch(batch, self.outcomes)


class TakesTwo:
    """An executor that takes two batches before it makes the first."""

    def make(self, batches: Iterable[CallBatch]) -> BatchesMade:
        source = iter(batches)
        while several := list(islice(source, 2)):
            for batch in several:
                yield MadeBatch(batch, [Completion("yes", 3, 4)] * len(batch.requests))


def batches(component: Component, *sizes: Sequence[Given]) -> list[CallBatch]:
    """Batches of one component."""
    return [CallBatch(number, component, requests, CORPUS) for number, requests in enumerate(sizes)]


def metered(executor: Executor, budget: Budget, price: ModelPrice | None = None) -> Metered:
    """A metered executor with a price for the model."""
    prices = Prices(host_usd_per_hour=0.0, models={"priced": price} if price else {})
    return Metered(executor, budget, Bill(prices).total, lambda doing: None)


def test_calls_beyond_the_budget_do_not_reach_the_executor() -> None:
    """They are not counted either."""
    executor, budget = Scripted([]), Budget(BudgetLimits(calls=1))
    with pytest.raises(BudgetSpent, match="the budget of 1 call is spent"):
        list(metered(executor, budget).make(batches(MODEL, PROMPTS)))
    assert executor.made == []
    assert budget.made == 0


def test_tokens_of_replies_are_paid_for() -> None:
    """Those of failures are not: nothing came back."""
    price = ModelPrice(usd_per_million_in=1e6, usd_per_million_out=2e6)
    budget = Budget()
    list(metered(Scripted([Completion("yes", 3, 4), Failure("no")]), budget, price).make(batches(MODEL, PROMPTS)))
    assert budget.usd == 3 + 2 * 4
    assert budget.made == 2


def test_a_machine_that_is_paid_by_the_hour_is_paid_for_the_seconds_of_each_call() -> None:
    """They came with the reply: no ledger is asked for them. A reply without a time costs nothing that is known."""
    budget, hourly = Budget(), ModelPrice(usd_per_hour=3600.0)
    replies = [Timed(Completion("yes", 3, 4), 0.5, waited=9.0), Timed(Completion("no", 3, 4), 0.25)]
    list(metered(Scripted(replies), budget, hourly).make(batches(MODEL, PROMPTS)))
    assert budget.usd == pytest.approx(0.75)
    list(metered(Scripted([Completion("yes", 3, 4)]), budget, hourly).make(batches(MODEL, PROMPTS[:1])))
    assert budget.usd == pytest.approx(0.75)


def test_what_a_server_that_is_down_did_not_answer_is_given_back() -> None:
    """What it answered before stays counted."""
    budget = Budget(BudgetLimits(calls=2))
    down = Scripted([Completion("yes", 3, 4), Unavailable("gone")])
    (made,) = metered(down, budget).make(batches(MODEL, PROMPTS))
    assert made.outcomes == down.outcomes
    assert budget.made == 1


def test_components_of_this_machine_have_no_bill() -> None:
    """Their seconds are counted."""
    budget = Budget()
    list(metered(Scripted([Answer("yes", 1.0)]), budget).make(batches(SentenceReader(), [Request("?")])))
    assert budget.usd == 0
    assert budget.calling > 0


def test_what_was_taken_before_the_budget_was_spent_is_made_to_its_end() -> None:
    """An executor may have several batches under way: all that were counted come back, and then the budget is spent."""
    budget = Budget(BudgetLimits(calls=5))
    made = metered(TakesTwo(), budget).make(batches(MODEL, PROMPTS, PROMPTS, PROMPTS))
    assert [next(made).batch.number, next(made).batch.number] == [0, 1]
    with pytest.raises(BudgetSpent):
        next(made)
    assert budget.made == 4
