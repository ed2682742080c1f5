"""What is expected of the candidates: figures of every row with their errors, and draws of what may come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.search.frontier.objectives import Objectives, relative_errors
from tradespace.explorer.search.frontier.pool import Pool
from tradespace.explorer.search.frontier.surrogate import predict

BEYOND = 0.05
"""How far the reference lies beyond the worst, as a share of the range."""


@dataclass(frozen=True)
class Outlook:
    """Figures of all rows, of shape (rows, scores + costs): expected, and their standard errors."""

    objectives: Objectives
    mean: Floats
    error: Floats

    @classmethod
    def of(cls, pool: Pool) -> Outlook:
        """Predict scores by the surrogate, and take costs as they are foretold."""
        with threadpool_limits(1, user_api="blas"):  # matrices are so small that threads would mostly wait
            scores = [
                predict(pool.settings, pool.scores[:, :, each], pool.known, pool.asked)
                for each in range(pool.scores.shape[2])
            ]
        costs = _where_unknown_the_least(pool.costs)
        mean = np.column_stack([*(each.mean for each in scores), costs])
        error = np.column_stack([*(each.error for each in scores), costs * relative_errors(pool.spread)])
        return cls(pool.objectives, mean, error)

    @property
    def losses(self) -> Floats:
        """What is expected, of shape (rows, objectives)."""
        return self.objectives.losses(self.mean)

    def reference(self, rows: Integers) -> Floats:
        """Just beyond the worst that is expected of some rows in each objective; of a bounded cost, the bound."""
        losses = self.losses[rows]
        worst, best = losses.max(axis=0, initial=-np.inf), losses.min(axis=0, initial=np.inf)
        errors = self.error[rows][:, self.objectives.columns].sum(axis=0) / max(len(rows), 1)
        reference = worst + np.where(worst > best, BEYOND * (worst - best), errors)
        limits = self.objectives.limits
        return np.asarray(np.where(np.isfinite(limits), limits, reference))

    def draws(self, rows: Integers, count: int, generator: np.random.Generator) -> Floats:
        """Losses that may come, of shape (rows, draws, objectives); infinite where a bound is missed."""
        noise = generator.standard_normal((len(rows), count, self.mean.shape[1]))
        figures = self.mean[rows][:, None] + self.error[rows][:, None] * noise
        losses = self.objectives.losses(figures)
        losses[~self.objectives.keep_bounds(figures)] = np.inf
        return losses


def _where_unknown_the_least(costs: Floats) -> Floats:
    """Where a cost is not known at all, the least of those that are: what is unknown is worth a look."""
    known = np.where(np.isfinite(costs), costs, np.inf)
    least = known.min(axis=0, initial=np.inf)
    return np.where(np.isfinite(costs), costs, np.where(np.isfinite(least), least, 0.0))
