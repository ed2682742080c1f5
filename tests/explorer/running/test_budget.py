"""What may be used is kept to, and what was used is known: calls, seconds and dollars."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tradespace.explorer.results import Outlay
from tradespace.explorer.running.budget import Budget, BudgetSpent
from tradespace.search_space.sections import BudgetLimits


@dataclass
class Hands:
    """The hands of a clock, moved by hand."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_calls_are_counted_up_to_the_limit() -> None:
    """The limit itself may be reached; a batch beyond it is not counted."""
    budget = Budget(BudgetLimits(calls=5))
    budget.spend(5)
    with pytest.raises(BudgetSpent, match="5 calls"):
        budget.spend(1)
    assert budget.made == 5


def test_calls_of_earlier_runs_count() -> None:
    """A limit is that of the whole exploration."""
    with pytest.raises(BudgetSpent, match="5 calls"):
        Budget(BudgetLimits(calls=5), made=3).spend(3)


def test_calls_end_with_the_dollars() -> None:
    """What was billed is known after a batch: the next one is not begun."""
    budget = Budget(BudgetLimits(usd=1.0))
    budget.spend(1)
    budget.usd += 1.2
    with pytest.raises(BudgetSpent, match="1 dollars"):
        budget.spend(1)
    budget.allow()
    budget.spend(1)
    assert budget.made == 2


def test_without_a_limit_there_is_no_end() -> None:
    """None is no limit."""
    budget = Budget()
    budget.spend(10**9)
    assert budget.made == 10**9
    assert budget.seconds_left is None


def test_no_call_is_made_after_the_time_that_is_allowed() -> None:
    """What was made before is paid for; where more is allowed, calls go on."""
    hands = Hands()
    budget = Budget(now=hands)
    budget.allow(seconds=10)
    hands.seconds = 9.9
    budget.spend(1)
    hands.seconds = 10.0
    with pytest.raises(BudgetSpent, match="time is up"):
        budget.spend(1)
    budget.allow()
    budget.spend(1)
    assert budget.made == 2


def test_any_number_of_calls_may_be_made_for_a_while() -> None:
    """Dollars stay limited, and afterwards the limit of calls holds again."""
    budget = Budget(BudgetLimits(calls=1, usd=1.0))
    with budget.any_number():
        budget.spend(3)
        budget.usd = 1.0
        with pytest.raises(BudgetSpent, match="dollars"):
            budget.spend(1)
    budget.usd = 0.0
    with pytest.raises(BudgetSpent, match="the budget of 1 call is spent"):
        budget.spend(1)


def test_time_goes_on_from_what_earlier_runs_used() -> None:
    """Of two minutes, half a minute was used before and ten seconds now."""
    hands = Hands(seconds=1000.0)
    budget = Budget(BudgetLimits(minutes=2), earlier=30.0, now=hands)
    hands.seconds += 10.0
    assert budget.seconds == pytest.approx(40.0)
    assert budget.seconds_left == pytest.approx(80.0)


def test_dollars_bound_the_time_of_a_machine_with_a_price() -> None:
    """What calls cost is taken off first: half a dollar is half a second at a dollar a second."""
    hands = Hands()
    assert Budget(BudgetLimits(usd=1.0), 3600.0, usd=0.5, now=hands).seconds_left == pytest.approx(0.5)
    assert Budget(BudgetLimits(usd=1.0), now=hands).seconds_left is None


def test_what_earlier_runs_made_is_no_part_of_the_search() -> None:
    """A continued study begins with the calls of the runs before."""
    budget = Budget(made=100)
    budget.spend(5)
    budget.calling += 2.0
    budget.pipelines += 3
    assert budget.spent == Outlay(pipelines=3, calls=5, seconds=2.0, usd=None)


def test_what_comes_after_the_search_is_not_counted() -> None:
    """Confirming the finalists is no part of the search."""
    budget = Budget()
    budget.spend(5)
    budget.close_search()
    budget.spend(7)
    assert budget.spent.calls == 5
    assert budget.made == 12


def test_calls_with_prices_of_their_own_are_paid_for_on_top_of_the_machine() -> None:
    """Half an hour of calls on a machine of $1.80 an hour, and a quarter of a dollar for the calls of this run."""
    budget = Budget(usd_per_hour=1.8, usd=5.0)
    budget.usd += 0.25
    budget.calling += 1800
    assert budget.spent.usd == pytest.approx(0.9 + 0.25)
