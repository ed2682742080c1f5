"""Estimates, against plain definitions and known distributions."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.evals.statistics import (
    RESAMPLES,
    Estimate,
    Values,
    mean,
    means,
    quantile,
    quantiles,
    resample_counts,
    share_above,
)

PROBABILITIES = (0.5, 0.9, 0.95, 0.99)
scores = st.none() | st.floats(0, 1)
seconds = scores | st.just(math.inf)


def tables(values: st.SearchStrategy[float | None]) -> st.SearchStrategy[list[list[float | None]]]:
    def rows(columns: int) -> st.SearchStrategy[list[list[float | None]]]:
        return st.lists(st.lists(values, min_size=columns, max_size=columns), min_size=1, max_size=4)

    return st.integers(1, 12).flatmap(rows)


def plain_mean(values: Values, counts: list[float]) -> float | None:
    drawn = [value for value, count in zip(values, counts, strict=True) for _ in range(int(count)) if value is not None]
    return math.inf if math.inf in drawn else sum(drawn) / len(drawn) if drawn else None


def plain_quantile(values: list[float], probability: float) -> float:
    return next(v for v in sorted(values) if sum(other <= v for other in values) >= probability * len(values) - 1e-9)


def plain_estimate(values: Values, seed: int) -> Estimate:
    present = sum(value is not None for value in values)
    drawn = [plain_mean(values, counts) for counts in resample_counts(len(values), seed).tolist()]
    known = [value for value in drawn if value is not None]
    low, high = (plain_quantile(known, share) if known else None for share in (0.025, 0.975))
    return Estimate(plain_mean(values, [1.0] * len(values)), low, high, present, len(values) - present)


def close(a: Estimate, b: Estimate) -> bool:
    def same(x: float | None, y: float | None) -> bool:
        return x == y or (x is not None and y is not None and math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-12))

    figures = zip((a.value, a.low, a.high), (b.value, b.low, b.high), strict=True)
    return (a.n, a.missing) == (b.n, b.missing) and all(same(x, y) for x, y in figures)


@settings(max_examples=20, deadline=None)
@given(tables(seconds), st.integers(0, 3))
def test_means_of_a_table_are_those_of_drawing_question_by_question(table: list[list[float | None]], seed: int) -> None:
    """The matrix product gives what a loop over resamples and drawn questions gives, gaps and failures included."""
    for fast, row in zip(means(table, seed, within=None), table, strict=True):
        # Equal up to rounding, which may decide between neighbours of equal rank.
        assert close(fast, plain_estimate(row, seed))


@settings(deadline=None)
@given(tables(seconds))
def test_rows_do_not_touch_each_other(table: list[list[float | None]]) -> None:
    """A pipeline's figures are the same alone and among others."""
    assert all(close(mean(row), together) for row, together in zip(table, means(table), strict=True))
    for probability in PROBABILITIES:
        assert [quantile(row, probability) for row in table] == quantiles(table, probability)


def test_each_resample_draws_as_many_questions_as_there_are() -> None:
    """Counts of drawn questions add up, are whole, and depend on the seed alone."""
    counts = resample_counts(30, seed=1)
    assert counts.shape == (RESAMPLES, 30)
    assert (counts.sum(axis=1) == 30).all()
    assert (counts == np.floor(counts)).all()
    assert (counts == resample_counts.__wrapped__(30, seed=1)).all()
    assert (counts != resample_counts(30, seed=2)).any()


def test_missing_values_are_left_out_and_counted() -> None:
    """None is not zero."""
    estimate = mean([1.0, None, 1.0, None])
    assert estimate.value == 1.0
    assert (estimate.n, estimate.missing) == (2, 2)


@pytest.mark.parametrize("n", [1, 8, 50, 72])
def test_none_right_and_all_right_have_wilsons_interval(n: int) -> None:
    """0 of 50 is not certainly 0: unseen questions may be answered, however often the zeros are resampled."""
    from scipy.stats import binomtest

    for right in (0, n):
        wilson = binomtest(right, n).proportion_ci(method="wilson")
        estimate = mean([float(right > 0)] * n)
        assert (estimate.low, estimate.high) == pytest.approx((wilson.low, wilson.high), abs=1e-12)
        assert estimate.low < estimate.high
    assert mean([0.0] * n + [None] * 5) == replace(mean([0.0] * n), missing=5)


@settings(deadline=None)
@given(st.floats(0, 1), st.integers(1, 60))
def test_equal_scores_are_not_certain(value: float, n: int) -> None:
    """Scores between have an interval of some width too, within 0 and 1, that narrows with the questions."""
    estimate, more = mean([value] * n), mean([value] * (n + 1))
    assert 0 <= estimate.low <= value <= estimate.high <= 1
    assert more.high - more.low < estimate.high - estimate.low


def test_zeros_of_a_fractional_score_bound_its_mean() -> None:
    """Whatever the scores between 0 and 1 are like, all of 30 are 0 in hardly any sample once the mean is beyond the
    interval: here they are 0 as often as they can be with that mean, and always 0.5 otherwise."""
    beyond = (mean([0.0] * 30).high or 0.0) + 1e-9
    assert (1 - beyond / 0.5) ** 30 < (1 - beyond) ** 30 < 0.05


@pytest.mark.parametrize("value", [0.0, 0.5, 2.5, math.inf])
def test_equal_dollars_and_seconds_have_no_width(value: float) -> None:
    """A price that is the same for every question is known; nothing bounds what other questions might take."""
    estimate = mean([value] * 9, within=None)
    assert (estimate.low, estimate.high) == (value, value)


@pytest.mark.parametrize("values", [[], [None, None]])
def test_nothing_known_gives_nothing(values: list[float | None]) -> None:
    """With no value at all there is no figure and no interval."""
    nothing = Estimate(None, None, None, 0, len(values))
    assert mean(values) == quantile(values, 0.95) == share_above(values, 1.0) == nothing
    assert means([]) == quantiles([], 0.95) == []


def test_a_failed_question_is_infinitely_slow() -> None:
    """One failure among many makes the mean infinite, leaves the median, and counts as a violation."""
    times = [0.1] * 99 + [math.inf]
    assert mean(times).value == math.inf
    assert quantile(times, 0.5).value == 0.1
    assert quantile(times, 0.99).value == 0.1
    assert quantile(times[1:], 0.99).value == math.inf
    assert share_above(times, 0.2).value == 0.01


@settings(deadline=None)
@given(st.lists(seconds, min_size=1).filter(lambda row: any(value is not None for value in row)))
def test_a_quantile_is_within_a_bound_just_if_that_share_of_questions_is(row: list[float | None]) -> None:
    """The p95 and the share of violations never contradict each other."""
    present = [value for value in row if value is not None]
    for probability in PROBABILITIES:
        value = quantile(row, probability).value
        assert value == plain_quantile(present, probability)
        assert share_above(row, value).value <= 1 - probability + 1e-9


def test_quantile_intervals_are_order_statistics() -> None:
    """The 95 % interval of a median of 100 reaches from the 40th to the 61st value, by binomial probabilities."""
    times = [float(number) for number in range(1, 101)]
    estimate = quantile(times, 0.5)
    assert (estimate.value, estimate.low, estimate.high) == (50.0, 40.0, 61.0)


@pytest.mark.parametrize(("probability", "needed"), [(0.5, 6), (0.9, 36), (0.95, 72), (0.99, 368)])
def test_too_few_questions_leave_a_quantile_unbounded(probability: float, needed: int) -> None:
    """An upper end is given just from that number of questions on where one of them is likely above the quantile."""
    times = [float(number) for number in range(needed)]
    assert quantile(times, probability).high == needed - 1
    assert quantile(times[1:], probability).high == math.inf


@pytest.mark.parametrize("probability", [0.5, 0.95])
def test_quantile_intervals_hold_the_true_quantile_as_often_as_they_claim(probability: float) -> None:
    """Over 2,000 samples of 100 from a heavy-tailed distribution at least 95 % of the intervals hold, within noise."""
    samples = np.random.default_rng(0).lognormal(sigma=2.0, size=(2000, 100))
    from scipy.stats import lognorm

    true = lognorm(2.0).ppf(probability)
    held = [e.low <= true <= e.high for e in quantiles(samples.tolist(), probability)]
    assert np.mean(held) > 0.94


def test_bootstrap_intervals_hold_the_true_mean_about_as_often_as_they_claim() -> None:
    """Over 500 samples of 200 coin flips with 70 % heads, 92 to 98 % of the intervals hold the 0.7."""
    samples = (np.random.default_rng(0).random((500, 200)) < 0.7).astype(float)
    held = [e.low <= 0.7 <= e.high for e in means(samples.tolist())]
    assert 0.92 < np.mean(held) < 0.98


def test_shares_have_wilsons_interval() -> None:
    """1 of 10: 0.0179 to 0.4042, by Wilson's formula worked out by hand."""
    estimate = share_above([0.1] * 9 + [0.3, None], 0.2)
    z, p, n = 1.959963984540054, 0.1, 10
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert estimate.value == 0.1
    assert estimate.low == pytest.approx((middle - half) / (1 + z * z / n))
    assert estimate.high == pytest.approx((middle + half) / (1 + z * z / n))
    assert (round(estimate.low, 4), round(estimate.high, 4)) == (0.0179, 0.4042)
    assert (estimate.n, estimate.missing) == (10, 1)


def test_a_value_at_the_bound_is_no_violation() -> None:
    """`latency <= SLA` is kept at equality."""
    assert share_above([0.1, 0.1], 0.1).value == 0.0


@given(st.integers(0, 500), st.sampled_from(PROBABILITIES))
def test_quantile_intervals_stand_at_binomial_quantiles(count: int, probability: float) -> None:
    """Their places are those that scipy gives for the number of values below the true quantile."""
    from scipy.stats import binom

    low, high = binom.ppf([0.025, 0.975], count, probability)
    found = quantile([float(number) for number in range(1, count + 1)], probability)
    if count:
        assert found.low == low
        assert found.high == (high + 1 if high < count else math.inf)
