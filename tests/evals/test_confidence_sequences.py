"""Bounds that may be looked at after every question, against the definition and against known means."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.evals.confidence_sequences import STAKES, bernstein_bounds, betting_bounds, evidence_above
from tradespace.evals.statistics import SCORES, Array

differences = st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0])


def plain_wealth(row: list[float], population: float, claimed: float) -> float:
    """Bet question by question, with each stake apart."""
    purses, most, total = [1.0] * len(STAKES), 1.0, 0.0
    for asked, difference in enumerate(row):
        value, mean = (difference + 1) / 2, (claimed + 1) / 2
        expected = mean if math.isinf(population) else (population * mean - total) / (population - asked)
        expected = max(expected, 1e-12)
        purses = [purse * (1 + stake * (value / expected - 1)) for purse, stake in zip(purses, STAKES, strict=True)]
        most, total = max(most, sum(purses) / len(purses)), total + value
    return most


def plain_low(row: list[float], population: int, error: float) -> float:
    """The least mean on a fine grid that is not refuted."""
    least, most = sum(row) / population - 1 + len(row) / population, sum(row) / population + 1 - len(row) / population
    grid = np.linspace(least, most, 400)
    return float(next(mean for mean in grid if plain_wealth(row, population, mean) < 2 / error or mean == most))


def populations(runs: int, questions: int, up: float, down: float) -> Array:
    """Differences of pairs of which the first is right alone, or the second, on these shares of the questions."""
    drawn = np.random.default_rng(0).random((runs, questions))
    return np.where(drawn < up, 1.0, np.where(drawn < up + down, -1.0, 0.0))


@settings(max_examples=25, deadline=None)
@given(st.lists(differences, min_size=1, max_size=30), st.sampled_from([30, 47, math.inf]), differences)
def test_the_wealth_is_that_of_betting_question_by_question(
    row: list[float], population: float, claimed: float
) -> None:
    """Arrays give what a loop over questions and stakes gives."""
    known = min(max(claimed, sum(row) / population - 1 + len(row) / population), 1.0)
    known = claimed if math.isinf(population) else known
    assert evidence_above([row], population, known)[0] == pytest.approx(plain_wealth(row, population, known), rel=1e-6)


@settings(max_examples=10, deadline=None)
@given(st.lists(differences, min_size=1, max_size=20))
def test_the_lower_bound_is_the_least_mean_that_is_not_refuted(row: list[float]) -> None:
    """Halving finds what a walk along all means finds, and the upper bound is its mirror image."""
    low, _ = betting_bounds([row], 20, error=0.1)
    assert low[0] == pytest.approx(plain_low(row, 20, 0.1), abs=2 / 400 + 1e-9)
    _, high = betting_bounds([[-value for value in row]], 20, error=0.1)
    assert high[0] == pytest.approx(-low[0], abs=1e-6)


@pytest.mark.parametrize("bounds", [betting_bounds, bernstein_bounds])
@pytest.mark.parametrize(("up", "down"), [(0.1, 0.1), (0.4, 0.1), (0.02, 0.0), (1.0, 0.0)])
def test_bounds_are_right_at_every_number_of_questions_at_once(
    bounds: Callable[..., tuple[Array, Array]], up: float, down: float
) -> None:
    """Looking after every question, as the bounds of the last one remember all others, at most 5 % of 400 pairs are
    ever wrong about the mean over all questions, within noise."""
    table = populations(400, 120, up, down)
    low, high = bounds(table[:, :115], 120)
    mean = table.mean(axis=1)
    assert ((low > mean + 1e-9) | (high < mean - 1e-9)).mean() <= 0.075


def test_peeking_at_a_fixed_z_is_wrong_far_more_often() -> None:
    """What this is for: of pairs that are equally good, a z of 1.96 after every fifth question tells a fifth apart,
    and betting hardly any."""
    table = populations(400, 300, 0.1, 0.1)
    equal = table - table.mean(axis=1, keepdims=True)
    apart = np.zeros(400, dtype=bool)
    for asked in range(20, 150, 5):
        some = equal[:, :asked]
        apart |= np.abs(some.mean(axis=1)) > 1.96 * some.std(axis=1) / math.sqrt(asked)
    assert apart.mean() > 0.15
    assert (evidence_above(equal.clip(-1, 1)[:, :150], 300) >= 20).mean() <= 0.05


def test_betting_is_narrower_than_the_formula() -> None:
    """On pairs that differ on a tenth of the questions: for few and for many of them."""
    for asked in (25, 75, 140):
        table = populations(100, 150, 0.07, 0.03)[:, :asked]
        widths = [
            float(np.mean(high - low)) for low, high in (betting_bounds(table, 150), bernstein_bounds(table, 150))
        ]
        assert widths[0] < 0.85 * widths[1]


def test_all_questions_leave_no_doubt() -> None:
    """The mean over a finite set is known once every question was asked."""
    table = populations(5, 60, 0.3, 0.2)
    low, high = betting_bounds(table, 60)
    assert low == pytest.approx(table.mean(axis=1), abs=1e-6)
    assert high == pytest.approx(table.mean(axis=1), abs=1e-6)


@settings(deadline=None, max_examples=25)
@given(st.lists(differences, min_size=2, max_size=40))
def test_more_questions_never_widen_the_bounds(row: list[float]) -> None:
    """What was refuted once stays refuted."""
    low, high = betting_bounds([row[:-1]], 50)
    more_low, more_high = betting_bounds([row], 50)
    assert more_low[0] >= low[0] - 1e-5
    assert more_high[0] <= high[0] + 1e-5


def test_evidence_and_bounds_agree() -> None:
    """The lower bound is above 0 just where the evidence for a difference reaches 2 / error."""
    table = populations(200, 150, 0.25, 0.1)[:, :90]
    low, _ = betting_bounds(table, 150, error=0.1)
    assert ((evidence_above(table, 150) >= 20) == (low > 1e-5)).all()
    assert 0 < (low > 0).sum() < 200


def test_no_score_is_no_difference() -> None:
    """A question to which the measure does not apply tells two pipelines apart in no direction."""
    assert betting_bounds([[1.0, math.nan, 1.0]], 9)[0] == betting_bounds([[1.0, 0.0, 1.0]], 9)[0]


def test_nothing_asked_says_nothing() -> None:
    """Before the first question, and for no pair at all."""
    low, high = betting_bounds(np.zeros((2, 0)), 9)
    assert (low.tolist(), high.tolist()) == ([-1, -1], [1, 1])
    assert [len(bound) for bound in betting_bounds(np.zeros((0, 5)), 9)] == [0, 0]


def test_questions_without_end_may_be_bounded_too() -> None:
    """An infinite population is drawn from anew each time: scores of coin flips with 30 % heads."""
    flips = (np.random.default_rng(0).random((300, 200)) < 0.3).astype(float)
    low, high = betting_bounds(flips, math.inf, within=SCORES)
    assert ((low > 0.3) | (high < 0.3)).mean() <= 0.075
    assert np.mean(high - low) < 0.3


@pytest.mark.parametrize(("values", "population"), [([[0.0, 2.0]], 5), ([[0.0, 0.0]], 1)])
def test_values_outside_and_too_many_questions_are_refused(values: list[list[float]], population: int) -> None:
    """Bounds that could not hold are not given."""
    with pytest.raises(ValueError, match=r"given: (0 to 2|2)$"):
        betting_bounds(values, population)
