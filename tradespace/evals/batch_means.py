"""Figures of requests that stood in one queue, with intervals that know that such requests resemble each other.

What one request waits for delays the next ones too, so a thousand requests say far less than a thousand independent
ones. 95 % intervals by order statistics, which `tradespace.evals.statistics` has for questions, hold the p95 of an
M/M/1 queue in half of all runs of 3,000 requests at half its capacity, and in a fifth at 80 % of it; those made here in
about nine of ten. A run is cut into batches of consecutive requests, whose shares vary as much as the dependence makes
them (batch means: Schmeiser 1982, "Batch Size Effects in the Analysis of Simulation Output"). A quantile's interval is
that of the share below it, read back through the observed distribution (Woodruff 1952, "Confidence Intervals for
Medians and Other Position Measures"). A run that is too short for a quantile has no upper end.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradespace.evals.statistics import CONFIDENCE, Estimate, quantile_of, wilson_interval

RUN_BATCHES = 10
"""Few, so that each is long beside the time for which a queue remembers."""


def serial_quantile(values: ArrayLike, probability: float) -> Estimate:
    """The quantile of values in the order of their time, with its interval; infinite ones are failures.

    The upper end is infinite, and the lower 0, where the run is too short to bound it.
    """
    ordered = np.asarray(values, dtype=np.float64)
    if not len(ordered):
        return Estimate(None, None, None, 0, 0)
    value = float(quantile_of(ordered, probability))
    half = _half_width(ordered <= value if math.isfinite(value) else ordered < value, probability)
    low, high = probability - half, probability + half
    ends = (
        float(quantile_of(ordered, low)) if low > 0 else 0.0,
        float(quantile_of(ordered, high)) if high < 1 else math.inf,
    )
    return Estimate(value, *ends, len(ordered), 0)


def serial_share(values: ArrayLike, bound: float) -> Estimate:
    """The share of values in the order of their time that do not exceed a bound, such as requests within an SLA.

    The interval is Wilson's (1927) for as many independent values as say as much as these; where all are on one side
    of the bound, how much they resemble each other is taken from which are below their median.
    """
    ordered = np.asarray(values, dtype=np.float64)
    size = len(ordered)
    if not size:
        return Estimate(None, None, None, 0, 0)
    within = ordered <= bound
    share = float(within.mean())
    varied = within if 0 < share < 1 else ordered <= float(quantile_of(ordered, 0.5))
    effective = size / _inflation(varied)
    low, high = wilson_interval(share, effective, _student(_batches(size)))
    return Estimate(share, low, high, size, 0)


def _half_width(below: NDArray[np.bool_], probability: float) -> float:
    """Of the interval of a share of about this probability."""
    independent = probability * (1 - probability) / len(below)
    return _student(_batches(len(below))) * math.sqrt(independent * _inflation(below))


def _inflation(flags: NDArray[np.bool_]) -> float:
    """How many times the variance of the share of flags is what it would be if they were independent, at least 1."""
    share, batches = float(flags.mean()), _batches(len(flags))
    if batches < 2 or not 0 < share < 1:
        return 1.0
    means = [float(part.mean()) for part in np.array_split(flags, batches)]
    return max(1.0, float(np.var(means, ddof=1)) / batches / (share * (1 - share) / len(flags)))


def _batches(size: int) -> int:
    return min(RUN_BATCHES, size)


def _student(batches: int) -> float:
    """The quantile of Student's distribution that an interval by so many batches reaches to."""
    from scipy.special import stdtrit

    return float(stdtrit(max(1, batches - 1), (1 + CONFIDENCE) / 2))
