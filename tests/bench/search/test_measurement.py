"""What runs are judged by."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.search.hypervolume import hypervolume
from bench.search.market import Market, Moment
from bench.search.measurement import Held, Truth, at, held, measure, quantile, reached
from bench.search.recording import Recording
from tradespace.explorer.search.frontier.hypervolume import naive_hypervolume

SHARES = st.floats(0, 1, allow_subnormal=False).map(lambda value: round(value, 3))


@given(points=st.lists(st.tuples(SHARES, SHARES), max_size=8), floor=SHARES, ceiling=SHARES)
def test_the_area_is_that_of_the_definition(points: list[tuple[float, float]], floor: float, ceiling: float) -> None:
    """Cell by cell of the grid that the points make."""
    scores, costs = np.array(points, dtype=float).reshape(-1, 2).T
    expected = naive_hypervolume(np.stack([-scores, costs], axis=1), np.array([-floor, ceiling]))
    assert hypervolume(scores, costs, floor, ceiling) == pytest.approx(expected)


@given(order=st.permutations(range(12)))
def test_the_area_after_every_moment_is_that_of_all_that_is_held(recording: Recording, order: list[int]) -> None:
    """Though it is not computed anew where nothing moves."""
    market, truth = Market(recording), Truth.of(recording)
    for row in order:
        market.evaluate(row % len(recording.pipelines))
    result = measure(market, truth)
    rows = np.array([row % len(recording.pipelines) for row in order])
    assert result["final"] == pytest.approx(truth.explored_share(rows))
    first = next(n for n in range(len(rows)) if truth.explored_share(rows[: n + 1]) >= 0.95 * result["final"])
    if result["final"] == pytest.approx(1):
        assert result["reached"]["0.95"] == pytest.approx(market.moments[first].spent / recording.total)


def test_a_level_is_reached_when_it_is_not_lost_again() -> None:
    """A strategy that drops what it had has not reached it."""
    spent, shares = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.5, 0.96, 0.9, 0.97])
    assert reached(spent, shares, 0.95) == pytest.approx(0.4)
    assert reached(spent, shares, 0.99) is None
    assert at(spent, shares, 0.05) == 0
    assert at(spent, shares, 0.25) == pytest.approx(0.96)


def test_what_is_claimed_anew_replaces_what_was_held() -> None:
    """What is added comes to it."""
    replaced = [_moment([1, 2], adds=True), _moment([3], adds=False), _moment([4], adds=True)]
    assert held(replaced).rows.tolist() == [3, 4]
    assert held([]).rows.tolist() == []


def test_of_pipelines_that_answered_some_questions_only_those_that_look_best_count(recording: Recording) -> None:
    """To have asked everybody a little is not to know the frontier."""
    truth, rows = Truth.of(recording), np.arange(len(recording.pipelines))
    scores, costs = recording.explore_scores, recording.true_costs
    worst_first = np.where(rows == np.argmin(scores + 10 * ~recording.kept), 1.0, 0.0)
    shares = []
    for known in (True, False):
        market = Market(recording)
        market.buy(rows, 0, 1)
        market.claim(rows, worst_first, np.where(worst_first > 0, 0.0, costs), known=known)
        shares.append(measure(market, truth)["final"])
    assert shares == pytest.approx([1.0, 0.0])


def test_the_best_within_the_bound_is_recommended_and_the_cheapest_of_equals() -> None:
    """By the strategy's own estimates."""
    holds = Held(np.array([5, 6, 7, 8]), np.array([0.6, 0.6, 0.9, 0.5]), np.array([2.0, 1.5, 4.0, 1.0]))
    assert holds.recommended(3.0) == 6
    assert holds.recommended(0.5) is None
    assert holds.frontier(3.0).tolist() == [6, 8]


@given(values=st.lists(st.one_of(st.none(), SHARES), min_size=1, max_size=9), level=st.sampled_from([0.5, 0.9]))
def test_a_quantile_was_observed_and_never_is_the_largest(values: list[float | None], level: float) -> None:
    """At least that share of the values is at most the quantile."""
    found = quantile(values, level)
    known = [math.inf if value is None else value for value in values]
    assert found in known
    assert np.mean([value <= found for value in known]) >= level


def _moment(rows: list[int], adds: bool) -> Moment:
    return Moment(1.0, np.array(rows), np.zeros(len(rows)), np.zeros(len(rows)), adds)
