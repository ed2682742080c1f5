"""What unknown cells will score: by the question, by the settings, and by what alike pipelines scored.

A cell scores the mean of its question, the effect of its pipeline, what pipelines whose scores go together with its own
scored on that question beyond their means, and noise. Known cells are taken as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradespace.explorer.arrays import Flags, Floats, Integers
from tradespace.explorer.search.frontier.alike_scores import Companions
from tradespace.explorer.search.frontier.setting_effects import Effects, setting_effects

MOST_ROWS = 256
ROUNDS = 3
UNKNOWN = (0.5, 0.3)
"""Mean and spread of a score before anything is known."""


@dataclass(frozen=True)
class Prediction:
    """Mean over all questions that each pipeline is expected to score, and its standard error; of shape (rows)."""

    mean: Floats
    error: Floats


def predict(features: Floats, settings: Integers, scores: Floats, known: Flags) -> Prediction:
    """Predict the mean of every row.

    Args:
        features: settings as numbers, of shape (rows, columns).
        settings: which setting each column belongs to, of shape (columns).
        scores: of shape (rows, questions); NaN where a measure does not apply to a question.
        known: whether a cell is known, of the same shape.
    """
    weights = (known & ~np.isnan(scores)).astype(np.float64)
    values = np.where(weights > 0, scores, 0.0)
    counts = weights.sum(axis=1)
    rows = _most_known(counts)
    if not len(rows):
        return Prediction(np.full(len(scores), UNKNOWN[0]), np.full(len(scores), UNKNOWN[1]))
    effects = Effects(np.zeros(len(scores)), np.zeros(len(scores)))
    for _ in range(ROUNDS):
        questions = _question_means(values[rows], weights[rows], effects.mean[rows])
        residuals = weights * (values - questions - effects.mean[:, None])
        companions = Companions.of(residuals, weights, rows, _variance(values, weights))
        adjusted = weights * (values - questions - companions.expected)
        means = adjusted[rows].sum(axis=1) / counts[rows]
        errors = companions.noise[rows] / counts[rows]
        effects = setting_effects(features, settings, rows, means, errors, _variance(values, weights))
    unknown = ~known
    left = unknown.sum(axis=1)
    total = np.maximum(counts + left, 1)
    expected = values.sum(axis=1) + (unknown * (questions + companions.expected)).sum(axis=1) + left * effects.mean
    return Prediction(expected / total, np.sqrt(left**2 * effects.variance + left * companions.noise) / total)


def _most_known(counts: Floats) -> Integers:
    """The rows to learn from: those of which most is known, as the work grows with the cube of their number."""
    order = np.argsort(-counts, kind="stable")[:MOST_ROWS]
    return np.asarray(np.sort(order[counts[order] > 0]))


def _question_means(values: Floats, weights: Floats, effects: Floats) -> Floats:
    """What each question scores on average, effects of the rows taken out; the mean of all where none is known."""
    asked = weights.sum(axis=0)
    totals = (values - effects[:, None] * weights).sum(axis=0)
    return np.asarray(np.where(asked > 0, totals / np.maximum(asked, 1), totals.sum() / asked.sum()))


def _variance(values: Floats, weights: Floats) -> float:
    """Of all known cells."""
    mean = values.sum() / weights.sum()
    return max(float((weights * (values - mean) ** 2).sum() / weights.sum()), 1e-4)
