"""What pipelines whose scores go together say of each other: where one has answered a question, the other will alike.

A control variate (Owen 2013, "Monte Carlo theory, methods and examples", 8.9): pipelines differ on few questions, so
what the others scored foretells most of what is left to ask.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradespace.explorer.arrays import Floats, Integers

SHARPNESS = 4
"""The power of a correlation that its weight is."""
DOUBT = 10.0
"""Questions' worth of doubt about a correlation, and about the variance that is left."""
LEAST_WEIGHT = 0.05
NOISE_BEFOREHAND = 0.3
"""Of the variance between cells: what is noise, before anything is known."""
LEAST_NOISE = 1e-3


@dataclass(frozen=True)
class Companions:
    """What is expected of cells, beyond the means of their row and question, and what stays uncertain.

    Attributes:
        expected: of shape (rows, questions).
        noise: the variance of a cell of each row around that, of shape (rows).
    """

    expected: Floats
    noise: Floats

    @classmethod
    def of(cls, residuals: Floats, weights: Floats, fair: Floats, rows: Integers, variance: float) -> Companions:
        """Expect of each cell the mean of its companions, the closer the more.

        Args:
            residuals: known scores less the means of their row and question, else 0; of shape (rows, questions).
            weights: 1 where a cell is known, else 0.
            fair: 1 where a cell was asked, else 0.
            rows: those to learn from.
            variance: of all known cells.
        """
        closeness = _closeness(residuals * fair, fair, rows)
        expected = (closeness @ residuals[rows]) / (closeness @ weights[rows] + LEAST_WEIGHT)
        of_known = fair * expected
        slope = float((of_known * residuals).sum() / max(float((of_known**2).sum()), 1e-12))
        expected *= min(max(slope, 0.0), 1.0)
        return cls(expected, _noise(fair * residuals, fair, fair * (residuals - expected), variance))


def _closeness(residuals: Floats, weights: Floats, rows: Integers) -> Floats:
    """A power of the correlation on the questions that two rows share, doubted where these are few; 0 for itself."""
    some, known = residuals[rows], weights[rows]
    shared = weights @ known.T
    scale = np.sqrt((residuals**2 @ known.T) * (weights @ (some**2).T))
    correlation = (residuals @ some.T) / np.maximum(scale, 1e-12) * shared / (shared + DOUBT)
    correlation[rows, np.arange(len(rows))] = 0.0
    return np.asarray(np.maximum(correlation, 0.0) ** SHARPNESS)


def _noise(residuals: Floats, weights: Floats, left: Floats, variance: float) -> Floats:
    """The variance that is left of each row; before much is known of it, that of all without companions."""
    counts = weights.sum(axis=1)
    freedom = max(float(counts.sum() - (counts > 0).sum() - (weights.sum(axis=0) > 0).sum()), 0.0)
    beforehand = NOISE_BEFOREHAND * variance if weights.shape[1] > 1 else 0.0
    alone = ((residuals**2).sum() + DOUBT * beforehand) / (freedom + DOUBT)
    of_row = ((left**2).sum(axis=1) + DOUBT * alone) / (counts + DOUBT)
    return np.asarray(np.maximum(of_row, LEAST_NOISE * variance))
