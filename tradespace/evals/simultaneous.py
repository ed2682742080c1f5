"""Intervals that hold together: with 95 % confidence all of a table's rows lie in theirs, not each alone.

Of several intervals, each right in 95 % of studies, one or another is wrong in many more than 5 % (docs/benchmarks.md).
Pipelines that answer the same questions err together, so it takes little width to mend that: the less, the more alike
they are.
"""

from __future__ import annotations

import math

import numpy as np

from tradespace.evals.statistics import (
    CONFIDENCE,
    DIFFERENCES,
    SCORES,
    Array,
    Estimate,
    Range,
    Table,
    Values,
    array_of,
    mean_of,
    means,
    quantile_of,
    quantiles,
)

ERRORS_DRAWN = 20_000


def simultaneous_means(table: Table, within: Range | None = SCORES, confidence: float = CONFIDENCE) -> list[Estimate]:
    """Mean of each row, with intervals that all hold together.

    Each is as many of its standard errors wide as the largest of all errors is with this confidence (max-t). That is
    the multiplier bootstrap over questions with normal multipliers: what it draws has the rows' own correlations, so it
    is drawn from these at once. Chernozhukov, Chetverikov and Kato 2013, "Gaussian approximations and multiplier
    bootstrap for maxima of sums"; Hothorn, Bretz and Westfall 2008, "Simultaneous inference in general parametric
    models", for few questions.

    Rows of equal values, and with infinite ones, have the intervals of `means`, at the confidence that is left.
    """
    data = array_of(table)
    estimates = means(table, within=within, confidence=1 - (1 - confidence) / max(1, len(table)))
    varying = np.flatnonzero(_varies(data))
    if not len(varying):
        return estimates
    errors, correlated = _standard_errors(data[varying])
    half = errors * _critical(correlated, int((~np.isnan(data[varying])).sum(axis=1).min()), confidence)
    least, most = within or (-math.inf, math.inf)
    for row, reach in zip(varying.tolist(), half.tolist(), strict=True):
        value = estimates[row].value or 0.0
        low, high = max(least, value - reach), min(most, value + reach)
        estimates[row] = Estimate(value, low, high, estimates[row].n, estimates[row].missing)
    return estimates


def simultaneous_quantiles(table: Table, probability: float, confidence: float = CONFIDENCE) -> list[Estimate]:
    """The quantile of each row of seconds, with intervals that all hold together.

    They are those of `quantiles`, at a confidence for each that is found as in `simultaneous_means`: how many values
    lie below the true quantile is a count of questions, and the counts are as correlated as the rows are.
    """
    data = array_of(table)
    within = np.where(np.isnan(data), math.nan, data <= quantile_of(data, probability)[:, None])
    varying = _varies(within)
    if varying.sum() < 2:
        return quantiles(table, probability, confidence)
    alone = math.erf(_critical(_standard_errors(within[varying])[1], None, confidence) / math.sqrt(2))
    return quantiles(table, probability, alone)


def paired_difference(a: Values, b: Values, within: Range | None = DIFFERENCES) -> Estimate:
    """Mean of a - b over the questions that have both, with the interval of `paired_differences`."""
    return paired_differences([a], b, within)[0]


def paired_differences(
    table: Table, reference: Values, within: Range | None = DIFFERENCES, confidence: float = CONFIDENCE
) -> list[Estimate]:
    """Mean of row - reference for each row, over the questions that have both, with intervals that all hold together.

    Comparing on the same questions takes out how hard they are. Two failures on one question differ by nothing.

    A t interval over the questions and two more, which differ by s and by -s, where s is the mean size of a question's
    difference that is not 0. Where few questions differ, resampling them misses those that are unseen; the two more
    stand for them. Agresti and Min 2005, "Simple improved confidence intervals for comparing matched proportions".
    The error is divided by the number of rows (Bonferroni). Rows that differ nowhere, or infinitely, have the
    intervals of `means`.
    """
    return row_differences(array_of(table), array_of([reference]), within, confidence)


def row_differences(
    rows: Array, others: Array, within: Range | None = DIFFERENCES, confidence: float = CONFIDENCE
) -> list[Estimate]:
    """The same of each row and the one of the `others` that stands at its place, or the only one that there is."""
    with np.errstate(invalid="ignore"):
        differences = np.where(rows == others, 0.0, rows - others)
    alone = 1 - (1 - confidence) / max(1, len(rows))
    estimates = means(differences.tolist(), within=within, confidence=alone)
    least, most = within or (-math.inf, math.inf)
    for row in np.flatnonzero(_differs(differences)).tolist():
        low, high = _interval_of_differences(differences[row][~np.isnan(differences[row])], alone)
        known = estimates[row]
        estimates[row] = Estimate(known.value, max(least, low), min(most, high), known.n, known.missing)
    return estimates


def ratio_differences(
    table: Table, reference: Values, within: Range | None = DIFFERENCES, confidence: float = CONFIDENCE
) -> list[Estimate]:
    """Mean of each row less that of the reference, each over the questions that it has itself, with intervals that all
    hold together.

    How many questions a row has varies with the questions, as their sum does: its mean is a ratio. Each row is made
    linear, with the same mean and, for many questions, the same error: the mean, and for a question that the row has,
    how far it lies from that, over the share of questions that the row has. The differences of these are taken question
    by question, as those of `paired_differences`. Cochran 1977, "Sampling Techniques", section 6.

    >>> [difference.value for difference in ratio_differences([[1.0, None, 0.5, None]], [1.0, 1.0, 0.0, 0.0])]
    [0.25]
    """
    rows, other = linearised(array_of(table)), linearised(array_of([reference]))
    return paired_differences((rows - other).tolist(), [0.0] * rows.shape[1], within, confidence)


def linearised(data: Array) -> Array:
    """Values whose mean is the mean of what is known, and varies as that does; NaN where nothing is known."""
    known, ratio = ~np.isnan(data), mean_of(data)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(ratio + np.where(known, data - ratio, 0.0) / known.mean(axis=1, keepdims=True))


def _interval_of_differences(differences: Array, confidence: float) -> tuple[float, float]:
    from scipy.special import stdtrit

    count = len(differences) + 2
    size = np.abs(differences[differences != 0]).mean()
    middle = differences.sum() / count
    squares = (differences**2).sum() + 2 * size**2 - count * middle**2
    half = stdtrit(count - 1, (1 + confidence) / 2) * math.sqrt(squares / (count - 1) / count)
    return float(middle - half), float(middle + half)


def _differs(data: Array) -> Array:
    """Which rows are finite and not 0 everywhere."""
    return np.asarray(~np.isinf(data).any(axis=1) & (np.nan_to_num(data) != 0).any(axis=1))


def _varies(data: Array) -> Array:
    """Which rows are finite and hold two different values."""
    finite = ~np.isinf(data).any(axis=1)
    low, high = (np.where(np.isnan(data), fill, data) for fill in (math.inf, -math.inf))
    return np.asarray(finite & (low.min(axis=1, initial=math.inf) < high.max(axis=1, initial=-math.inf)))


def _standard_errors(data: Array) -> tuple[Array, Array]:
    """The standard error of each row's mean, and the errors of its questions scaled so that their products are the
    correlations of the means."""
    counts = (~np.isnan(data)).sum(axis=1)
    centred = np.nan_to_num(data - mean_of(data)[:, None])
    norms = np.sqrt((centred**2).sum(axis=1))
    return norms / np.sqrt(counts * (counts - 1)), centred / norms[:, None]


def critical_value(correlations: Array, degrees: float | None, confidence: float) -> float:
    """How many standard errors the largest of all errors stays within, with this confidence.

    Args:
        correlations: of the errors, of shape (rows, rows).
        degrees: degrees of freedom of the standard errors; None where these are known.
        confidence: that all stay within.
    """
    random = np.random.default_rng(0)
    values, vectors = np.linalg.eigh(correlations)
    roots = vectors * np.sqrt(np.maximum(values, 0))
    normal = np.abs(random.standard_normal((ERRORS_DRAWN, len(roots))) @ roots.T).max(axis=1)
    if degrees is not None:
        normal /= np.sqrt(random.chisquare(degrees, ERRORS_DRAWN) / degrees)
    return float(np.quantile(normal, confidence))


def _critical(scaled: Array, count: int | None, confidence: float) -> float:
    """The critical value of means whose standard errors are known, or come from so many questions."""
    return critical_value(scaled @ scaled.T, None if count is None else count - 1, confidence)
