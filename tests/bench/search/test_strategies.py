"""Every strategy that is compared ends, pays for what it learns, and never more than everything costs."""

from __future__ import annotations

import numpy as np
import pytest

from bench.search.market import Market
from bench.search.measurement import Truth, measure
from bench.search.recording import Recording
from bench.search.strategies import STRATEGIES
from bench.search.strategies.racing import ranked
from bench.search.strategies.reference import true_frontier
from bench.search.strategies.samplers import MOST

EVERYTHING = ("random", "random, collecting what is free", "grid", "exhaustive", "greedy, stage by stage")


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_strategy_ends_and_costs_no_more_than_everything(
    recording: Recording, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its moments are in order of what was spent, and what it holds at the end can be measured."""
    monkeypatch.setitem(MOST, "gp", 8)  # to fit a process takes it seconds
    market = Market(recording)
    STRATEGIES[name](market, 0)
    spent = [moment.spent for moment in market.moments]
    assert spent == sorted(spent)
    assert 0 < market.spent <= recording.total * (1 + 1e-9)
    result = measure(market, Truth.of(recording))
    assert 0 <= result["final"] <= 1 + 1e-9
    assert all(budget["regret"] >= 0 for budget in result["budgets"].values())


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_strategy_that_tries_all_ends_with_the_whole_frontier(recording: Recording, name: str) -> None:
    """And with everything paid for."""
    market = Market(recording)
    STRATEGIES[name](market, 1)
    assert market.spent == pytest.approx(recording.total)
    assert measure(market, Truth.of(recording))["final"] == pytest.approx(1)


def test_the_oracle_buys_the_frontier_and_nothing_else(recording: Recording) -> None:
    """It reaches the whole area."""
    market = Market(recording)
    STRATEGIES["oracle"](market, 0)
    assert {int(moment.rows[0]) for moment in market.moments} == set(true_frontier(Market(recording)).tolist())
    assert measure(market, Truth.of(recording))["reached"]["0.99"] is not None


def test_pipelines_are_ranked_by_layers_and_those_over_the_bound_come_last() -> None:
    """The cheapest of these first."""
    scores, costs = np.array([0.5, 0.9, 0.4, 0.8, 0.7]), np.array([1.0, 9.0, 1.5, 2.0, 8.0])
    assert ranked(scores, costs, bound=5.0).tolist() == [0, 3, 2, 4, 1]
