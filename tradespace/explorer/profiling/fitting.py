"""From batches that were measured to the profile that foretells others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.profiles import BatchProfile

REWEIGHTINGS = 20
"""Rounds of reweighting, in which the weights settle."""
OUTLYING = 3.0
"""Spreads from the middle beyond which a batch counts less: the machine was disturbed."""
_TINY = 1e-9
"""Seconds, or a ratio, in the place of 0."""
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
        requests: what tells its requests from others; empty where that is not known.
    """

    size: int
    busy: int
    alone: float
    seconds: float
    requests: tuple[str, ...] = ()

    @property
    def is_single(self) -> bool:
        """Whether it was one request, while one replica worked."""
        return self.size == self.busy == 1


def fit_profile(batches: Sequence[MeasuredBatch], threads: int) -> BatchProfile:
    """Fit `seconds = start + factor[size, busy] * alone`, where neither is below 0.

    Single requests come first: they tell `start` and the first factor. Those of larger batches, and of more busy
    replicas, rest on what the same requests took singly, where that was measured: their own seconds alone were timed in
    another process, or foretold, and what these are off is no scatter of batches.

    Non-negative least squares of relative errors (Lawson and Hanson 1974, chapter 23). They are relative to what is
    foretold, not to what was measured, so that the mean is met, and those of disturbed batches are cut off (Huber 1964,
    "Robust Estimation of a Location Parameter").

    Raises:
        ValueError: no batch of one request was measured while one replica worked.
    """
    sizes, busy = _measured_grid(batches)
    singles = [batch for batch in batches if batch.is_single]
    start, first = _costs([[1.0, batch.alone] for batch in singles], [batch.seconds for batch in singles])
    profile = BatchProfile(start=start, factors=((first,),), threads=threads)
    cells = _in_company(batches, sizes, busy, profile)
    factors = {cell: _factor(of_cell, start) for cell, of_cell in cells.items()}
    rows = tuple(tuple(factors.get((size, count), first) for count in busy) for size in sizes)
    company = [
        batch.seconds / (start + factors[cell] * batch.alone) for cell, of_cell in cells.items() for batch in of_cell
    ]
    return replace(
        profile,
        sizes=sizes,
        busy=busy,
        factors=rows,
        error=_log_scatter([batch.seconds / profile.seconds([batch.alone]) for batch in singles]),
        scatter=_log_scatter(company),
    )


def _in_company(
    batches: Sequence[MeasuredBatch], sizes: Sequence[int], busy: Sequence[int], single: BatchProfile
) -> dict[tuple[int, int], list[MeasuredBatch]]:
    """By size and number of busy replicas, all batches but single ones; alone they take what their requests took."""
    taken = defaultdict(list)
    for batch in batches:
        if batch.is_single and batch.requests:
            taken[batch.requests[0]].append(batch.seconds)
    medians = np.array([median(seconds) for seconds in taken.values()])
    alone = dict(zip(taken, single.alone_in(medians).tolist(), strict=True))
    cells: dict[tuple[int, int], list[MeasuredBatch]] = {
        (size, count): [] for size in sizes for count in busy if (size, count) != (1, 1)
    }
    for batch in batches:
        if (batch.size, batch.busy) in cells:
            known = bool(batch.requests) and all(request in alone for request in batch.requests)
            own = sum(alone[request] for request in batch.requests) if known else batch.alone
            cells[batch.size, batch.busy].append(replace(batch, alone=own))
    return cells


def _factor(batches: Sequence[MeasuredBatch], start: float) -> float:
    """What the alone seconds of such batches are multiplied by."""
    beyond = [max(batch.seconds - start, _TINY) for batch in batches]
    return _costs([[batch.alone] for batch in batches], beyond)[0]


def _costs(features: Sequence[Sequence[float]], measured: Sequence[float]) -> list[float]:
    costs: list[float] = robust_costs(np.array(features, dtype=np.float64), np.array(measured)).tolist()
    return costs


def _log_scatter(ratios: Sequence[float]) -> float:
    """How much ratios scatter; 0 where there are none."""
    return residual_scatter(np.log(np.maximum(ratios, _TINY))) if ratios else 0.0


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
