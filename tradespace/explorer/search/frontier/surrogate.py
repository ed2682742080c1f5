"""What unknown cells will score: by the question, by the settings, and by what alike pipelines scored.

A cell scores the mean of its question, the effect of its pipeline, what pipelines whose scores go together with its own
scored on that question beyond their means, and noise. Known cells are taken as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradespace.explorer.arrays import Flags, Floats, Integers
from tradespace.explorer.search.frontier.alike_scores import Companions
from tradespace.explorer.search.frontier.setting_effects import Effects, Settings, setting_effects

MOST_ROWS = 256
ROUNDS = 3
UNKNOWN = (0.5, 0.3)
"""Mean and spread of a score before anything is known."""


@dataclass(frozen=True)
class Prediction:
    """Mean over all questions that each pipeline is expected to score, and its standard error; of shape (rows)."""

    mean: Floats
    error: Floats


def predict(settings: Settings, scores: Floats, known: Flags, asked: Flags) -> Prediction:
    """Predict the mean of every row.

    What is known without having been asked is no fair sample: in those cells a row makes the calls of others, and comes
    to the same. So effects and noise are learned from what was asked; and what the questions that were not asked differ
    in, they differ in where they are not known.

    Args:
        settings: of all rows.
        scores: of shape (rows, questions); NaN where a measure does not apply to a question.
        known: whether a cell is known, of the same shape.
        asked: the runs of questions from the front that each row has answered completely, of the same shape.
    """
    applies = known & ~np.isnan(scores)
    values, weights = np.where(applies, scores, 0.0), applies.astype(np.float64)
    fair = weights * asked
    counts = fair.sum(axis=1)
    rows = _most_known(counts)
    if not len(rows):
        return Prediction(np.full(len(scores), UNKNOWN[0]), np.full(len(scores), UNKNOWN[1]))
    variance = _variance(values, fair)
    effects = Effects(np.zeros(len(scores)), np.zeros(len(scores)))
    for _ in range(ROUNDS):
        questions = _question_means(values[rows], weights[rows], effects.mean[rows])
        residuals = values - weights * (questions + effects.mean[:, None])
        companions = Companions.of(residuals, weights, fair, rows, variance)
        means = (fair * (values - questions - companions.expected))[rows].sum(axis=1) / counts[rows]
        effects = setting_effects(settings, rows, means, companions.noise[rows] / counts[rows], variance)
    unknown = ~known
    left = unknown.sum(axis=1)
    beyond = np.where(left > 0, (~asked).sum(axis=1), 0)
    total = np.maximum(weights.sum(axis=1) + left, 1)
    expected = values.sum(axis=1) + (unknown * (questions + companions.expected)).sum(axis=1) + beyond * effects.mean
    spread = np.sqrt(beyond**2 * effects.variance + np.minimum(beyond * companions.noise, left * variance))
    return Prediction(expected / total, spread / total)


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
