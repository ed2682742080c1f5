"""From batches that were measured to the profile that foretells others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.profiles import BatchProfile

REWEIGHTINGS = 20
"""Rounds of reweighting, in which the weights settle."""
OUTLYING = 3.0
"""Spreads from the middle beyond which a batch counts less: the machine was disturbed."""
NORMAL_SPREAD = 1.4826
"""Standard deviations of a normal distribution in its median absolute deviation."""


@dataclass(frozen=True, slots=True)
class MeasuredBatch:
    """What a batch took in a replica.

    Attributes:
        size: requests in it.
        busy: replicas that worked meanwhile, this one included.
        alone: seconds that its requests take, in sum, when they are asked alone.
        seconds: that it took.
    """

    size: int
    busy: int
    alone: float
    seconds: float


def fit_profile(batches: Sequence[MeasuredBatch], threads: int) -> BatchProfile:
    """Fit `seconds = start + factor[size, busy] * alone`, where neither is below 0.

    Non-negative least squares of relative errors (Lawson and Hanson 1974, chapter 23). They are relative to what is
    foretold, not to what was measured, so that the mean is met, and those of disturbed batches are cut off (Huber 1964,
    "Robust Estimation of a Location Parameter").

    Raises:
        ValueError: no batch of one request was measured while one replica worked.
    """
    sizes, busy = _measured_grid(batches)
    cells = {cell: place for place, cell in enumerate((size, count) for size in sizes for count in busy)}
    used = [batch for batch in batches if (batch.size, batch.busy) in cells]
    measured = np.array([batch.seconds for batch in used], dtype=np.float64)
    features = np.zeros((len(used), 1 + len(cells)))
    features[:, 0] = 1.0
    for row, batch in enumerate(used):
        features[row, 1 + cells[batch.size, batch.busy]] = batch.alone
    costs = robust_costs(features, measured)
    factors = costs[1:].reshape(len(sizes), len(busy))
    return BatchProfile(
        sizes=sizes,
        busy=busy,
        factors=tuple(tuple(row) for row in factors.tolist()),
        start=float(costs[0]),
        error=residual_scatter(np.log(measured / np.maximum(features @ costs, np.finfo(np.float64).tiny))),
        threads=threads,
    )


def _measured_grid(batches: Sequence[MeasuredBatch]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Sizes, and numbers of busy replicas, each pair of which was measured."""
    cells = {(batch.size, batch.busy) for batch in batches}
    if (1, 1) not in cells:
        raise ValueError("a profile needs batches of one request, measured while one replica worked")
    busy = tuple(sorted(count for size, count in cells if size == 1))
    sizes = tuple(sorted({size for size, _ in cells if all((size, count) in cells for count in busy)}))
    return sizes, busy


def robust_costs(features: Floats, measured: Floats) -> Floats:
    """Costs of features, at least 0, that foretell what was measured; see `fit_profile`."""
    from scipy.optimize import nnls

    weights = 1 / measured
    costs = np.zeros(features.shape[1])
    for _ in range(REWEIGHTINGS):
        weighted = features * weights[:, None]
        scale = weighted.max(axis=0)
        scale[scale == 0] = 1.0
        solution, _ = nnls(weighted / scale, measured * weights)
        before, costs = costs, solution / scale
        if np.allclose(before, costs, rtol=1e-6):
            break
        foretold = np.maximum(features @ costs, measured.min() * 1e-3)
        off = measured / foretold - 1
        limit = OUTLYING * max(residual_spread(off), 1e-6)
        weights = np.sqrt(np.minimum(1.0, limit / np.maximum(np.abs(off), 1e-12))) / foretold
    return costs


def residual_scatter(residuals: Floats) -> float:
    """Standard deviation of residuals, outlying ones cut off."""
    middle, limit = float(np.median(residuals)), OUTLYING * residual_spread(residuals)
    return float(np.std(np.clip(residuals, middle - limit, middle + limit)))


def residual_spread(residuals: Floats) -> float:
    """A standard deviation that outlying residuals do not move."""
    return NORMAL_SPREAD * float(np.median(np.abs(residuals - np.median(residuals))))
