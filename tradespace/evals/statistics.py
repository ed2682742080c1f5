"""What many questions say about a pipeline: figures with intervals, for hundreds of pipelines at once.

A table has one row for each pipeline and one column for each question. All pipelines are asked the same questions, so
each bootstrap resample of the questions is shared by all rows, and a resample is a vector of counts: the means of all
pipelines in all resamples are one matrix product.

A missing value (None) is left out and counted. A question on which a pipeline failed is not missing: it is wrong
(score 0) and infinitely slow (`math.inf`), and both stay in every figure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95
RESAMPLES = 1000

Values = Sequence[float | None]
Table = Sequence[Values]
Array = NDArray[np.float64]
Range = tuple[float, float]

SCORES: Range = (0.0, 1.0)
"""Where every score lies, right or wrong or in between."""
DIFFERENCES: Range = (-1.0, 1.0)
"""Where every difference of two scores lies."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its confidence interval.

    Attributes:
        value: the figure, infinite where failures make it so; None where every value is missing, or where infinities of
            both signs leave it undefined.
        low: lower end of the interval, None with `value`.
        high: upper end, None with `value`. Infinite too where there are too few questions to bound a quantile.
        n: values that it was computed from.
        missing: values that were left out.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    missing: int


def mean(values: Values, seed: int = 0, within: Range | None = SCORES) -> Estimate:
    """Mean over questions, with the interval of `means`."""
    return means([values], seed, within)[0]


def means(table: Table, seed: int = 0, within: Range | None = SCORES, confidence: float = CONFIDENCE) -> list[Estimate]:
    """Mean of each row, with a bootstrap percentile interval over questions.

    Resampling cannot vary a row of equal values, such as 0 right out of 50, though other questions might. Where the
    values are known to lie `within` a range, such a row has the interval of `_unseen`; None stands for no known range,
    as of dollars and seconds, and leaves the interval of equal values a point.

    Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13.
    """
    data = array_of(table)
    questions = data.shape[1]
    values = _weighted_means(data, np.ones((1, questions)))[:, 0]
    drawn = _weighted_means(data, resample_counts(questions, seed))
    low, high = (quantile_of(drawn, share) for share in ((1 - confidence) / 2, (1 + confidence) / 2))
    if within is not None:
        low, high = _unseen(data, low, high, within, confidence)
    return _estimates(values, low, high, data)


def quantile(seconds: Values, probability: float) -> Estimate:
    """Quantile over questions, with the interval of `quantiles`."""
    return quantiles([seconds], probability)[0]


def quantiles(table: Table, probability: float, confidence: float = CONFIDENCE) -> list[Estimate]:
    """The quantile of each row of seconds: the smallest value that at least this share of the row does not exceed.

    So a p95 is within a bound just if 95 % of the questions are. The interval is made of order statistics and holds for
    every distribution, however long its tail; with too few questions its upper end is infinite (the 95 % interval of a
    p99 needs 368, that of a p95 72), or its lower end 0. Hahn and Meeker 1991, "Statistical Intervals", chapter 5.
    """
    data = array_of(table)
    ordered = np.sort(data, axis=1)  # missing values go last
    padded = np.column_stack([np.zeros(len(data)), ordered, np.full(len(data), math.inf)])
    counts = _present(data)
    places = np.array(
        [_interval_places(int(count), probability, confidence) for count in counts], dtype=np.intp
    ).reshape(-1, 2)
    places[:, 1] = np.where(places[:, 1] > counts, padded.shape[1] - 1, places[:, 1])
    low, high = np.take_along_axis(padded, places, axis=1).T
    return _estimates(quantile_of(ordered, probability), low, high, data)


def mean_of(values: ArrayLike) -> Array:
    """Mean of what is known along the last axis; NaN where nothing is."""
    data = np.asarray(values, dtype=np.float64)
    known = ~np.isnan(data)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, data, 0.0).sum(axis=-1) / known.sum(axis=-1))


def quantile_of(values: ArrayLike, probability: float) -> Array:
    """The smallest value along the last axis that at least this share of the known ones does not exceed; NaN where
    nothing is known.

    Nothing is interpolated, because between a number and infinity there is nothing: it exists even where some questions
    are infinitely slow.
    """
    data = np.asarray(values, dtype=np.float64)
    if not data.shape[-1]:
        return np.full(data.shape[:-1], math.nan)
    # The tolerance keeps 0.07 * 100 = 7.000000000000001 at place 7.
    places = np.maximum(np.ceil(_present(data) * probability - 1e-9).astype(np.intp) - 1, 0)
    ordered = np.partition(data, np.unique(places), axis=-1)  # missing values go last
    return np.asarray(np.take_along_axis(ordered, places[..., None], axis=-1)[..., 0])


def questions_to_bound(probability: float) -> int:
    """How many questions the interval of a quantile needs at least, to have an upper end.

    >>> questions_to_bound(0.95), questions_to_bound(0.99)
    (72, 368)
    """
    return math.ceil(math.log((1 - CONFIDENCE) / 2) / math.log(probability))


def share_above(values: Values, bound: float) -> Estimate:
    """Share of the values above a bound, such as questions that took longer than an SLA allows, with Wilson's interval.

    Wilson 1927, "Probable Inference, the Law of Succession, and Statistical Inference".
    """
    from scipy.stats import binomtest

    present = [value for value in values if value is not None]
    missing = len(values) - len(present)
    if not present:
        return Estimate(None, None, None, 0, missing)
    result = binomtest(sum(value > bound for value in present), len(present))
    interval = result.proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(float(result.statistic), float(interval.low), float(interval.high), len(present), missing)


def wilson_interval(share: float, size: float, width: float | None = None) -> tuple[float, float]:
    """Interval of a share of so many values (Wilson 1927); of fewer than there are, where some count for more or
    resemble each other.

    Args:
        share: from 0 to 1.
        size: how many independent values it says as much as; not necessarily whole.
        width: standard errors to either side; by default those of a normal distribution.

    >>> low, high = wilson_interval(1.0, 40)
    >>> round(low, 3), high
    (0.912, 1.0)
    """
    width = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) if width is None else width
    square = width**2 / size
    middle = (share + square / 2) / (1 + square)
    half = width / (1 + square) * math.sqrt(share * (1 - share) / size + square / (4 * size))
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


@lru_cache(maxsize=16)
def resample_counts(questions: int, seed: int = 0) -> Array:
    """How often each question is drawn in each resample: shape (RESAMPLES, questions), rows sum to `questions`."""
    if questions == 0:
        return np.zeros((RESAMPLES, 0))
    probabilities = np.full(questions, 1 / questions)
    return np.random.default_rng(seed).multinomial(questions, probabilities, size=RESAMPLES).astype(np.float64)


def _weighted_means(data: Array, weights: Array) -> Array:
    """Mean of each row under each weighting, NaN where there is none: shape (rows, weightings)."""
    present, finite = ~np.isnan(data), np.isfinite(data)
    with np.errstate(invalid="ignore"):
        result: Array = (np.where(finite, data, 0.0) @ weights.T) / (present @ weights.T)
    if not (finite | ~present).all():  # 0 * inf is NaN, so infinite values need their own products
        high, low = (((data == infinity) @ weights.T) > 0 for infinity in (math.inf, -math.inf))
        result[high], result[low], result[high & low] = math.inf, -math.inf, math.nan
    return result


def _unseen(data: Array, low: Array, high: Array, within: Range, confidence: float) -> tuple[Array, Array]:
    """Replace the intervals of rows whose values are all equal, and in the range, by what unseen questions allow.

    After n equal values a share of up to z² / (n + z²) of all questions may have another value, the least or the most
    that there is: Wilson's upper bound for 0 of n. For rows of 0 or 1 this is Wilson's interval. It holds for scores
    between as well, such as an F1 that is 0 everywhere: of all variables in [0, 1] with the same mean the binary one is
    0 most often, so zeros say no less of any other.
    """
    least, most = within
    smallest = np.where(np.isnan(data), math.inf, data).min(axis=1, initial=math.inf)
    equal = (np.isnan(data) | (data == smallest[:, None])).all(axis=1) & (least <= smallest) & (smallest <= most)
    value = np.where(equal, smallest, least)
    square = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    share = square / (_present(data) + square)
    return (
        np.where(equal, value - share * (value - least), low),
        np.where(equal, value + share * (most - value), high),
    )


@lru_cache(maxsize=1024)
def _interval_places(count: int, probability: float, confidence: float) -> tuple[int, int]:
    """Places, from 1, of the order statistics around a quantile; 0 or more than `count` where there is none."""
    low, high = np.searchsorted(_binomial(count, probability), [(1 - confidence) / 2, (1 + confidence) / 2])
    return int(low), int(high) + 1


def _binomial(count: int, probability: float) -> Array:
    """Probabilities of at most 0, 1 ... `count` successes; written out, as scipy takes long to import for so little."""
    successes = np.arange(count + 1)
    log_factorial = np.cumsum(np.log(np.maximum(successes, 1)))
    log_ways = log_factorial[-1] - log_factorial - log_factorial[::-1]
    log_chance = successes * math.log(probability) + successes[::-1] * math.log1p(-probability)
    return np.asarray(np.cumsum(np.exp(log_ways + log_chance)))


def array_of(table: Table) -> Array:
    """The table as numbers, missing values as NaN."""
    return np.array(table, dtype=np.float64).reshape(len(table), len(table[0]) if table else 0)


def _present(data: Array) -> NDArray[np.intp]:
    counts: NDArray[np.intp] = np.asarray((~np.isnan(data)).sum(axis=-1))
    return counts


def _estimates(values: Array, low: Array, high: Array, data: Array) -> list[Estimate]:
    def known(number: float) -> float | None:
        return None if math.isnan(number) else number

    counts, questions = _present(data).tolist(), data.shape[1]
    figures = np.where(np.isnan(values)[:, None], math.nan, np.stack([values, low, high], axis=1)).tolist()
    return [
        Estimate(known(value), known(least), known(most), count, questions - count)
        for (value, least, most), count in zip(figures, counts, strict=True)
    ]
