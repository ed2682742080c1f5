"""Intervals that hold together, against plain definitions and known distributions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tradespace.evals.simultaneous import (
    paired_difference,
    paired_differences,
    ratio_differences,
    row_differences,
    simultaneous_means,
    simultaneous_quantiles,
)
from tradespace.evals.statistics import Array, Estimate, mean, means, quantiles

scores = st.none() | st.sampled_from([0.0, 0.25, 0.5, 1.0])


def alike_scores(rows: int, questions: int, seed: int) -> tuple[Array, Array]:
    """Right or wrong on each question, of pipelines that mostly err together, and how good each truly is."""
    random = np.random.default_rng(seed)
    hardness = random.normal(size=questions)
    skill = np.linspace(-0.3, 0.3, rows)
    right = hardness + 0.6 * random.normal(size=(rows, questions)) < skill[:, None]
    return right.astype(float), stats.norm.cdf(skill / math.hypot(1, 0.6))


def holds(estimate: Estimate, truth: float) -> bool:
    assert estimate.low is not None and estimate.high is not None
    return estimate.low <= truth <= estimate.high


def test_all_intervals_hold_at_once_as_often_as_they_claim() -> None:
    """Over 200 samples of eight pipelines on 150 questions; intervals for each alone do not."""
    together, apart = [], []
    for seed in range(200):
        table, truth = alike_scores(8, 150, seed)
        together.append(all(map(holds, simultaneous_means(table.tolist()), truth)))
        apart.append(all(map(holds, means(table.tolist()), truth)))
    assert 0.91 < np.mean(together) < 0.99
    assert np.mean(apart) < 0.9


def test_quantiles_hold_at_once_as_often_as_they_claim() -> None:
    """Medians of six pipelines whose seconds go up and down together."""
    random = np.random.default_rng(0)
    held = []
    for _ in range(200):
        seconds = np.exp(random.normal(size=100) + 0.5 * random.normal(size=(6, 100)))
        held.append(all(holds(estimate, 1.0) for estimate in simultaneous_quantiles(seconds.tolist(), 0.5)))
    assert np.mean(held) > 0.92


def test_one_row_has_its_t_interval() -> None:
    """Nothing is to be held together with it."""
    row = np.random.default_rng(1).random(25)
    (estimate,) = simultaneous_means([row.tolist()])
    half = stats.t.ppf(0.975, 24) * stats.sem(row)
    assert (estimate.low, estimate.high) == pytest.approx((row.mean() - half, row.mean() + half), abs=0.02 * half)


def test_the_width_is_that_of_multiplying_each_question_by_a_random_number() -> None:
    """Drawing errors with the rows' correlations is the multiplier bootstrap written out."""
    table, _ = alike_scores(5, 200, 0)
    centred = table - table.mean(axis=1, keepdims=True)
    random = np.random.default_rng(3)
    largest = [max(abs(random.normal(size=200) @ centred.T) / np.sqrt((centred**2).sum(axis=1))) for _ in range(4000)]
    errors = table.std(axis=1, ddof=1) / math.sqrt(200)
    halves = [(e.high - e.low) / 2 for e in simultaneous_means(table.tolist(), within=None)]  # type: ignore[operator]
    assert halves == pytest.approx(np.quantile(largest, 0.95) * errors, rel=0.03)


def test_rows_that_are_one_cost_no_width() -> None:
    """Ten disguises of a pipeline have the interval of one, and ten strangers have wider ones."""
    random = np.random.default_rng(0)
    strangers = random.random((10, 100))
    width = [(simultaneous_means(rows)[0].high or 0.0) for rows in ([strangers[0].tolist()] * 10, strangers.tolist())]
    alone = simultaneous_means([strangers[0].tolist()])[0].high
    assert width[0] == pytest.approx(alone, abs=0.002)
    assert width[1] > width[0] + 0.01


def test_quantiles_of_one_row_are_those_alone() -> None:
    """And of several they are wider, in whole questions."""
    seconds = np.random.default_rng(0).exponential(size=(4, 200)).tolist()
    assert simultaneous_quantiles(seconds[:1], 0.95) == quantiles(seconds[:1], 0.95)
    for together, alone in zip(simultaneous_quantiles(seconds, 0.5), quantiles(seconds, 0.5), strict=True):
        assert together.value == alone.value
        assert (together.low or 0.0) < (alone.low or 0.0) < (alone.high or 0.0) < (together.high or 0.0)


def test_scores_stay_in_their_range() -> None:
    """An interval of a mean of scores ends at 0 and 1."""
    low, high = simultaneous_means([[0.0] * 9 + [1.0], [1.0] * 9 + [0.0]])
    assert (low.low, high.high) == (0.0, 1.0)


def test_equal_scores_and_failures_keep_intervals_of_their_own() -> None:
    """All right on fifty questions is not certain, and an infinite mean has no standard error."""
    perfect, mixed = simultaneous_means([[1.0] * 50, [0.0, 1.0] * 25])
    assert (mean([1.0] * 50).low or 0.0) > (perfect.low or 0.0) > 0.7
    assert mixed.value == 0.5
    assert simultaneous_means([[0.1, 0.2, math.inf]], within=None)[0].value == math.inf
    assert simultaneous_means([]) == simultaneous_quantiles([], 0.95) == []
    assert simultaneous_means([[None, None]])[0] == Estimate(None, None, None, 0, 2)


def test_equal_differences_of_two_questions_are_no_proof() -> None:
    """One pipeline right and the other wrong is proof enough on twenty questions, and not on two."""
    assert (
        (paired_difference([1.0] * 2, [0.0] * 2).low or 0.0)
        < 0
        < (paired_difference([1.0] * 20, [0.0] * 20).low or 0.0)
    )


def test_a_paired_difference_is_a_t_interval_with_two_more_questions() -> None:
    """Of 40 questions six differ, by 0.5 in the mean: two more differ by 0.5 and by -0.5."""
    differences = [0.25, 0.75, 0.5, -0.5, -0.25, 0.75] + [0.0] * 34
    more = np.array([*differences, 0.5, -0.5])
    low, high = stats.t.interval(0.95, 41, more.mean(), stats.sem(more))
    estimate = paired_difference(differences, [0.0] * 40)
    assert (estimate.low, estimate.high) == pytest.approx((low, high))
    assert (estimate.value, estimate.n) == (pytest.approx(1.5 / 40), 40)


@pytest.mark.parametrize(("up", "down"), [(0.02, 0.01), (0.03, 0.03), (0.2, 0.1)])
def test_paired_intervals_hold_where_few_questions_differ(up: float, down: float) -> None:
    """Of 150 questions three, nine, or forty-five differ: at least 95 % of 1,000 intervals hold, within noise."""
    drawn = np.random.default_rng(0).random((1000, 150))
    table = np.where(drawn < up, 1.0, np.where(drawn < up + down, -1.0, 0.0))
    held = [holds(paired_difference(row, [0.0] * 150), up - down) for row in table.tolist()]
    assert np.mean(held) > 0.935


def test_a_paired_difference_is_narrower_than_the_means_apart() -> None:
    """On the same questions a small steady gain is told apart from noise that is much larger than it."""
    easy = np.random.default_rng(0).random(300)
    estimate = paired_difference((easy + 0.01).tolist(), easy.tolist())
    assert estimate.value == pytest.approx(0.01)
    assert (estimate.low or 0.0) > 0
    assert (mean((easy + 0.01).tolist()).low or 0.0) < (mean(easy.tolist()).high or 0.0)


def test_pairs_need_both_values() -> None:
    """A question that one of the two lacks is left out; two failures differ by nothing."""
    estimate = paired_difference([1.0, None, math.inf, 2.0], [0.0, 1.0, math.inf, None], within=None)
    assert (estimate.value, estimate.n, estimate.missing) == (0.5, 2, 2)


def test_failures_on_both_sides_leave_a_difference_undefined() -> None:
    """Infinitely slower on one question and infinitely faster on another is neither."""
    estimate = paired_difference([math.inf, 1.0, 1.0], [1.0, math.inf, 1.0])
    assert (estimate.value, estimate.low, estimate.high, estimate.n) == (None, None, None, 3)
    assert paired_difference([1.0, 1.0], [math.inf, 1.0]).value == -math.inf


@given(st.lists(st.lists(scores, min_size=6, max_size=6), min_size=1, max_size=4))
def test_differences_of_several_pairs_are_wider_and_as_large(table: list[list[float | None]]) -> None:
    """Comparing many rows with a reference at once is comparing each, at a part of the error."""
    together, alone = paired_differences(table, table[0]), [paired_difference(row, table[0]) for row in table]
    assert together[0].value in (0.0, None)
    for pair, single in zip(together, alone, strict=True):
        assert (pair.value, pair.n) == (single.value, single.n)
        if pair.low is not None and single.low is not None:
            assert pair.low <= single.low + 1e-9


def answering(random: np.random.Generator, questions: int) -> tuple[list[float | None], list[float | None]]:
    """What two pipelines score: one answers everything, one declines hard questions."""
    easy = random.random(questions)
    every = (random.random(questions) < 0.2 + 0.6 * easy).astype(float)
    careful = (random.random(questions) < 0.1 + 0.6 * easy).astype(float)
    declined = random.random(questions) > easy**2
    return every.tolist(), [None if no else score for no, score in zip(declined, careful.tolist(), strict=True)]


def test_intervals_of_ratios_and_of_their_differences_cover() -> None:
    """Of 500 studies of 300 questions at least 93 %. On the questions that both answer the careful one is worse:
    intervals of that difference miss that of the two figures."""
    every, careful = answering(np.random.default_rng(1), 400_000)
    truth = [float(np.nanmean(np.array(row, dtype=float))) for row in (every, careful)]
    assert truth[1] > truth[0] + 0.03
    covered = np.zeros(3)
    for seed in range(500):
        one, other = answering(np.random.default_rng(seed + 10), 300)
        estimates = [
            (simultaneous_means([other])[0], truth[1]),
            (ratio_differences([other], one)[0], truth[1] - truth[0]),
            (paired_differences([other], one)[0], truth[1] - truth[0]),
        ]
        covered += [(each.low or 0.0) <= true <= (each.high or 0.0) for each, true in estimates]
    assert (covered[:2] >= 465).all()
    assert covered[2] < 350


def test_ratios_over_the_same_questions_differ_as_their_means_do() -> None:
    """Where every row has every question, or lacks the same ones, both ways say the same."""
    random = np.random.default_rng(0)
    rows = random.random((3, 40)).round(1)
    rows[:, ::4] = math.nan
    table, other = rows[1:].tolist(), rows[0].tolist()
    for ratio, paired in zip(ratio_differences(table, other), paired_differences(table, other), strict=True):
        assert ratio.value == pytest.approx(paired.value)
        assert (ratio.low, ratio.high) == (pytest.approx(paired.low, abs=0.02), pytest.approx(paired.high, abs=0.02))


def test_a_row_that_has_no_question_differs_by_nothing_known() -> None:
    """As a pipeline that declines everything."""
    assert ratio_differences([[None, None]], [1.0, 0.0])[0].value is None


@given(st.integers(1, 5), st.integers(2, 12), st.integers(0, 2**20))
def test_rows_that_are_compared_in_pairs_are_as_each_pair_by_itself(rows: int, questions: int, seed: int) -> None:
    """At the confidence that is left to each of them; missing values and failures included."""
    random = np.random.default_rng(seed)
    after, before = random.choice([0.0, 0.25, 0.5, 1.0, math.nan, math.inf], size=(2, rows, questions))
    alone = 1 - (1 - 0.95) / rows
    pairs = zip(after.tolist(), before.tolist(), strict=True)
    naive = [paired_differences([row], other, None, alone)[0] for row, other in pairs]
    np.testing.assert_equal(row_differences(after, before, None), naive)
