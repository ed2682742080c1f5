"""What unknown cells will score: known cells exactly, the rest by the question and by the settings.

A cell scores the mean of its question, plus the effect of its pipeline, plus noise. Effects are drawn from a Gaussian
whose covariance says that pipelines which agree in settings, or in pairs of settings, are alike: ridge regression on
main effects and pairs, in its dual form (Rasmussen and Williams 2006, "Gaussian Processes for Machine Learning", 2.1
and 2.2), with a share that is each pipeline's own. How much pipelines vary is what makes the known effects most likely.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradespace.explorer.arrays import Flags, Floats, Integers

KERNEL_SHARES = (0.55, 0.35, 0.10)
"""Of the variance between pipelines: of settings alone, of pairs of them, of the pipeline itself."""
PRIOR_SHARE = 0.1
"""Of the variance between cells: what the variance between pipelines is expected to be."""
VARIANCES = 4.0 ** np.arange(-4, 4)
"""By which factors it may differ from what is expected."""
LEAST_VARIANCE = 1e-4
LEAST_NOISE = 1e-3
MOST_ROWS = 256
ROUNDS = 3
UNKNOWN = (0.5, 0.3)
"""Mean and spread of a score before anything is known."""


@dataclass(frozen=True)
class Prediction:
    """Mean over all questions that each pipeline is expected to score, and its standard error; of shape (rows)."""

    mean: Floats
    error: Floats


@dataclass(frozen=True)
class _Effects:
    """What each row scores more than others: mean and variance, of shape (rows), and the variance of single cells."""

    mean: Floats
    variance: Floats
    noise: float


def predict(features: Floats, scores: Floats, known: Flags) -> Prediction:
    """Predict the mean of every row.

    Args:
        features: settings as numbers, of shape (rows, columns).
        scores: of shape (rows, questions); NaN where a measure does not apply to a question.
        known: whether a cell is known, of the same shape.
    """
    weights = (known & ~np.isnan(scores)).astype(np.float64)
    values = np.where(weights > 0, scores, 0.0)
    rows = _most_known(weights.sum(axis=1))
    if not len(rows):
        return Prediction(np.full(len(scores), UNKNOWN[0]), np.full(len(scores), UNKNOWN[1]))
    kernel = _kernel(features, rows)
    effects = _Effects(np.zeros(len(scores)), np.zeros(len(scores)), 0.0)
    for _ in range(ROUNDS):
        questions = _question_means(values[rows], weights[rows], effects.mean[rows])
        effects = _effects(kernel, rows, values[rows], weights[rows], questions)
    unknown = ~known
    left = unknown.sum(axis=1)
    total = np.maximum(weights.sum(axis=1) + left, 1)
    mean = (values.sum(axis=1) + unknown @ questions + left * effects.mean) / total
    return Prediction(mean, np.sqrt(left**2 * effects.variance + left * effects.noise) / total)


def _most_known(counts: Floats) -> Integers:
    """The rows to learn from: those of which most is known, as the work grows with the cube of their number."""
    order = np.argsort(-counts, kind="stable")[:MOST_ROWS]
    return np.asarray(np.sort(order[counts[order] > 0]))


def _question_means(values: Floats, weights: Floats, effects: Floats) -> Floats:
    """What each question scores on average, effects of the rows taken out; the mean of all where none is known."""
    asked = weights.sum(axis=0)
    totals = (values - effects[:, None] * weights).sum(axis=0)
    return np.asarray(np.where(asked > 0, totals / np.maximum(asked, 1), totals.sum() / asked.sum()))


def _effects(kernel: Floats, rows: Integers, values: Floats, weights: Floats, questions: Floats) -> _Effects:
    """The effects of all rows, given cells of some of them and the means of the questions."""
    counts = weights.sum(axis=1)
    residuals = weights * (values - questions)
    means = residuals.sum(axis=1) / counts
    scale = _variance(values, weights)
    noise = _noise(residuals - weights * means[:, None], counts, scale)
    whitened = np.sqrt(counts / noise)
    eigenvalues, vectors = np.linalg.eigh(kernel[rows] * whitened * whitened[:, None])
    eigenvalues, rotated = np.maximum(eigenvalues, 0.0), vectors.T @ (whitened * means)
    variance = _likeliest(eigenvalues, rotated, PRIOR_SHARE * scale)
    shrunk = variance / (1 + variance * eigenvalues)
    projected = kernel @ (vectors * whitened[:, None])
    left = variance * (1 - projected**2 @ shrunk)
    return _Effects(projected @ (shrunk * rotated), np.maximum(left, 0.0), noise)


def _variance(values: Floats, weights: Floats) -> float:
    """Of all known cells."""
    mean = values.sum() / weights.sum()
    return max(float((weights * (values - mean) ** 2).sum() / weights.sum()), LEAST_VARIANCE)


def _noise(residuals: Floats, counts: Floats, scale: float) -> float:
    """The variance of a cell around its question and its row."""
    freedom = counts.sum() - len(counts) - residuals.shape[1]
    return max(float((residuals**2).sum() / freedom) if freedom > 0 else 0.0, LEAST_NOISE * scale)


def _kernel(features: Floats, rows: Integers) -> Floats:
    """How alike all rows are to some, of shape (rows, some): 1 for a row and itself."""
    lengths = np.sqrt(np.maximum((features**2).sum(axis=1), 1.0))
    unit = features / lengths[:, None]
    agreed = unit @ unit[rows].T
    single, pair, own = KERNEL_SHARES
    kernel = single * agreed + pair * agreed**2
    kernel[rows, np.arange(len(rows))] += own
    return np.asarray(kernel)


def _likeliest(eigenvalues: Floats, rotated: Floats, expected: float) -> float:
    """The variance between rows: the most probable of some, given what is expected beforehand."""
    spread = 1 + expected * VARIANCES[:, None] * eigenvalues
    fit = -0.5 * (np.log(spread) + rotated**2 / spread).sum(axis=1)
    prior = -0.5 * (np.log(VARIANCES) / np.log(8)) ** 2
    return float(expected * VARIANCES[np.argmax(fit + prior)])
