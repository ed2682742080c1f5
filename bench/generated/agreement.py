"""How far two sets of questions agree on pipelines: in their ranks, and in who stands on the frontier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau, spearmanr

Floats = NDArray[np.float64]
RESAMPLES = 1000


@dataclass(frozen=True)
class Agreement:
    """Ranks by two sets of questions, compared.

    Attributes:
        kendall, spearman: rank correlations of the pipelines' mean scores: tau-b, and rho.
        kendall_interval, spearman_interval: the middle 95 % of these over questions drawn anew, of both sets.
    """

    kendall: float
    spearman: float
    kendall_interval: tuple[float, float]
    spearman_interval: tuple[float, float]


def agreement(left: Floats, right: Floats, seed: int = 0) -> Agreement:
    """Compare the scores of the same pipelines (rows) on two sets of questions (columns)."""
    generator = np.random.default_rng(seed)
    drawn = [rank_correlations(_resampled(left, generator), _resampled(right, generator)) for _ in range(RESAMPLES)]
    low, high = np.percentile(np.array(drawn), [2.5, 97.5], axis=0)
    kendall, spearman = rank_correlations(left.mean(axis=1), right.mean(axis=1))
    return Agreement(kendall, spearman, (float(low[0]), float(high[0])), (float(low[1]), float(high[1])))


def frontier(accuracy: Floats, cost: Floats) -> set[int]:
    """The places of those that none beats: no other is as accurate at less cost, or more accurate at no more.

    >>> sorted(frontier(np.array([0.5, 0.6, 0.4]), np.array([1.0, 2.0, 1.5])))
    [0, 1]
    """
    better = (accuracy[:, None] >= accuracy) & (cost[:, None] <= cost)
    strictly = (accuracy[:, None] > accuracy) | (cost[:, None] < cost)
    return set(np.flatnonzero(~(better & strictly).any(axis=0)).tolist())


def regrets(chosen: set[int], accuracy: Floats, cost: Floats) -> list[float]:
    """By how much each of those that were chosen is less accurate than the best that costs no more."""
    return [float(accuracy[cost <= cost[place]].max() - accuracy[place]) for place in sorted(chosen)]


def _resampled(scores: Floats, generator: np.random.Generator) -> Floats:
    """The mean scores of pipelines on questions that are drawn anew."""
    return np.asarray(scores[:, generator.integers(scores.shape[1], size=scores.shape[1])].mean(axis=1))


def rank_correlations(left: Floats, right: Floats) -> tuple[float, float]:
    """Kendall's tau-b and Spearman's rho of two figures for each pipeline."""
    return float(kendalltau(left, right).statistic), float(spearmanr(left, right).statistic)
