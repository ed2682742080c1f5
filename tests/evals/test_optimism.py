"""The luck of the best is estimated without fresh questions."""

from __future__ import annotations

import numpy as np

from tradespace.evals.optimism import best_of_many_optimism


def test_it_is_the_luck_that_the_best_had() -> None:
    """Thirty pipelines that are equally good: over 100 studies the estimate is within a quarter of the true luck."""
    random = np.random.default_rng(0)
    luck, estimates = [], []
    for seed in range(100):
        scores = (random.random((30, 100)) < 0.5).astype(float)
        luck.append(scores.mean(axis=1).max() - 0.5)
        estimates.append(best_of_many_optimism(scores, seed))
    assert abs(np.mean(estimates) / np.mean(luck) - 1) < 0.25


def test_a_clear_winner_had_little() -> None:
    """It is the best on every half, so that luck chose nothing."""
    scores = np.vstack([np.ones(100), np.zeros((5, 100))])
    assert best_of_many_optimism(scores) == 0.0


def test_one_alone_was_not_picked() -> None:
    """Nor can one question be split."""
    assert best_of_many_optimism([[0.0, 1.0]]) == 0.0
    assert best_of_many_optimism([[0.0], [1.0]]) == 0.0


def test_missing_scores_are_left_out() -> None:
    """As in every mean."""
    scores = np.random.default_rng(1).random((4, 40))
    gaps = np.hstack([scores, np.full((4, 2), np.nan)])
    assert np.isfinite(best_of_many_optimism(gaps))
