"""A budget bounds everything; the search keeps back what confirming is judged to take."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tradespace.explorer.planning.allowance import KEPT_AT_FIRST, KEPT_AT_MOST, Allowance, Growth
from tradespace.explorer.running.budget import Budget
from tradespace.search_space.sections import BudgetLimits


@dataclass
class Hands:
    """A clock that is set by hand, and stands for both clocks."""

    seconds: float = 0.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def hands() -> Hands:
    return Hands()


def allowed(
    limits: BudgetLimits, hands: Hands, finalists: int = 6, hourly: float | None = None, usd: float = 0.0
) -> Allowance:
    budget = Budget(limits, hourly, usd=usd, now=hands.monotonic)
    return Allowance(budget, finalists, Growth(calls=2.0, timing=3.0))


def evaluate(
    found: Allowance, hands: Hands, pipelines: int, *, calling: float, timing: float, usd: float = 0.0
) -> None:
    """So many pipelines took so many seconds in calls and in timing, and dollars."""
    with found.evaluating(pipelines):
        hands.seconds += calling + timing
        found.budget.calling += calling
        found.budget.usd += usd


def test_before_anything_is_known_a_share_is_kept_back(hands: Hands) -> None:
    """A quarter."""
    found = allowed(BudgetLimits(minutes=2), hands)
    assert found.budget.seconds_left == pytest.approx(120)
    assert found.seconds_to_search == pytest.approx(120 * (1 - KEPT_AT_FIRST))


def test_what_confirming_takes_is_judged_by_what_was_evaluated(hands: Hands) -> None:
    """By hand: 8 pipelines took 4 s in calls and 4 s in timing; six confirmed take 6 * (0.5 * 2 + 0.5 * 3)."""
    found = allowed(BudgetLimits(minutes=2), hands)
    evaluate(found, hands, 8, calling=4.0, timing=4.0)
    assert found.seconds_to_confirm == pytest.approx(15)
    assert found.seconds_to_search == pytest.approx(120 - 8 - 15)


def test_never_more_than_half_is_kept_back(hands: Hands) -> None:
    """A search that keeps everything back would find nothing to confirm."""
    found = allowed(BudgetLimits(minutes=2), hands)
    evaluate(found, hands, 1, calling=30.0, timing=0.0)
    assert found.seconds_to_search == pytest.approx(120 * KEPT_AT_MOST - 30)


def test_nothing_is_kept_back_where_nothing_is_confirmed(hands: Hands) -> None:
    """All of it is the search's."""
    found = allowed(BudgetLimits(minutes=2), hands, finalists=0)
    assert found.seconds_to_search == found.budget.seconds_left


def test_dollars_are_kept_back_too(hands: Hands) -> None:
    """By hand: a pipeline cost 1 cent; six confirmed on twice the questions cost 12."""
    found = allowed(BudgetLimits(usd=1.0, pipelines=100), hands)
    assert found.usd_to_search == pytest.approx(0.75)
    evaluate(found, hands, 5, calling=1.0, timing=0.0, usd=0.05)
    assert found.usd_to_search == pytest.approx(0.88)
    assert found.seconds_to_search is None


def test_as_many_pipelines_are_evaluated_together_as_there_is_time_for(hands: Hands) -> None:
    """One to begin with, and never fewer."""
    found = allowed(BudgetLimits(minutes=2), hands, finalists=0)
    assert found.fitting(8) == 1
    evaluate(found, hands, 1, calling=20.0, timing=5.0)
    assert found.fitting(8) == 3
    evaluate(found, hands, 3, calling=60.0, timing=15.0)
    assert found.fitting(8) == 1
    assert allowed(BudgetLimits(pipelines=100), hands).fitting(8) == 8


def test_the_first_pipeline_has_what_is_left_and_a_minute_at_least(hands: Hands) -> None:
    """However little the budget is, there is something to show; it is bounded all the same."""
    assert allowed(BudgetLimits(minutes=0.01), hands).seconds_for_the_first == 60
    assert allowed(BudgetLimits(minutes=5), hands).seconds_for_the_first == 300
    assert allowed(BudgetLimits(), hands).seconds_for_the_first is None
