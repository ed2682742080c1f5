"""By how much the best of several figures flatters, where no fresh questions tell."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from tradespace.evals.statistics import mean_of

SPLITS = 200
RIVALS_AT_MOST = 500
"""Rows that may have been the best on half of the questions: those of the largest means."""


def best_of_many_optimism(scores: ArrayLike, seed: int = 0) -> float:
    """How much higher the largest mean of the rows is, about, than the mean of that row over all questions there are.

    Repeated splits: the best row on one half of the questions is looked at on the other half, where it has no luck. Of
    n questions a half has more luck than all by a square root of two, which is taken out. SIREN, 2026.

    Args:
        scores: of shape (rows, questions), more being better; NaN where one is missing.
        seed: of the splits.

    Returns:
        Points of the score; 0 where there is one row, or fewer than two questions.
    """
    table = np.asarray(scores, dtype=np.float64)
    rows, questions = table.shape
    if rows < 2 or questions < 2:
        return 0.0
    table = table[np.argsort(-np.nan_to_num(mean_of(table), nan=-math.inf))[:RIVALS_AT_MOST]]
    random, falls = np.random.default_rng(seed), []
    for _ in range(SPLITS):
        order = random.permutation(questions)
        chosen, others = mean_of(table[:, order[: questions // 2]]), mean_of(table[:, order[questions // 2 :]])
        best = int(np.argmax(np.nan_to_num(chosen, nan=-math.inf)))
        falls.append(chosen[best] - others[best])
    return float(np.nanmean(falls)) / math.sqrt(2)
