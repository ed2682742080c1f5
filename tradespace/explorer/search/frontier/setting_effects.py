"""What settings do to the mean score: ridge regression in which each setting has a penalty of its own.

How much a setting matters is learned by expectation-maximisation (automatic relevance determination: MacKay 1994,
Tipping 2001), starting from what is usual: a setting of which one value was tried may still matter as much as usual.
What settings alone do not explain is shared between pairs of settings and the pipeline's own
(Rasmussen and Williams 2006, "Gaussian Processes for Machine Learning", 2.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular

from tradespace.explorer.arrays import Floats, Integers

USUAL_SHARE = 0.03
"""Of the variance between cells: what the variance between the values of one setting usually is."""
DOUBT_OF_USUAL = 2.0
"""How many values of a setting outweigh what is usual."""
OF_PAIRS = 0.75
"""Of what settings alone do not explain: the share of pairs of them."""
STEPS = 12


@dataclass(frozen=True)
class Effects:
    """How much more each row scores than the mean: expectation and variance, of shape (rows)."""

    mean: Floats
    variance: Floats


@dataclass(frozen=True)
class Settings:
    """The settings of all rows as numbers.

    Attributes:
        features: of shape (rows, columns).
        owners: a number for the setting that each column belongs to, of shape (columns).
    """

    features: Floats
    owners: Integers


def setting_effects(settings: Settings, rows: Integers, means: Floats, errors: Floats, variance: float) -> Effects:
    """The effects of all rows, given means of some of them.

    Args:
        settings: of all rows.
        rows: the rows whose means are known.
        means: of these rows, of shape (known rows).
        errors: their variances, of the same shape.
        variance: of all known cells.
    """
    known = Settings(settings.features[rows], settings.owners)
    of_columns, rest = _variances(known, means, errors, USUAL_SHARE * variance)
    scaled = settings.features * np.sqrt(of_columns)
    alone = scaled @ scaled[rows].T
    lengths = np.maximum((scaled**2).sum(axis=1), 1e-12)
    kernel = alone + rest * OF_PAIRS * alone**2 / (lengths[:, None] * lengths[rows])
    kernel[rows, np.arange(len(rows))] += rest * (1 - OF_PAIRS)
    factor = cho_factor(kernel[rows] + np.diag(errors), lower=True)
    spread = solve_triangular(factor[0], kernel.T, lower=True)
    left = lengths + rest - (spread**2).sum(axis=0)
    return Effects(kernel @ cho_solve(factor, means), np.maximum(left, 0.0))


def _variances(settings: Settings, means: Floats, errors: Floats, usual: float) -> tuple[Floats, float]:
    """How much the values of each column's setting vary, of shape (columns), and how much else pipelines do."""
    features, owners = settings.features, settings.owners
    sizes = np.bincount(owners)
    varies, rest = np.full(len(sizes), usual), usual
    for _ in range(STEPS):
        trust = 1 / (rest + errors)
        covariance = np.linalg.inv((features.T * trust) @ features + np.diag(1 / varies[owners]))
        weights = covariance @ (features.T @ (trust * means))
        squares = np.bincount(owners, weights**2 + np.diag(covariance))
        varies = (squares + DOUBT_OF_USUAL * usual) / (sizes + DOUBT_OF_USUAL)
        own = rest * trust * (means - features @ weights)
        left = rest * errors * trust
        rest = float(((own**2 + left).sum() + DOUBT_OF_USUAL * usual) / (len(means) + DOUBT_OF_USUAL))
    return varies[owners], rest
