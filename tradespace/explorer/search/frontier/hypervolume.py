"""How much of the space of objectives a point would add to what a frontier dominates.

All objectives are losses here: less is better. The hypervolume is what lies between the frontier and a reference point
that is worse than all that count (Zitzler and Thiele 1999, IEEE Transactions on Evolutionary Computation 3).
"""

from __future__ import annotations

from itertools import product

import numpy as np

from tradespace.explorer.arrays import Floats

SAMPLED_POINTS = 512


def gains(points: Floats, front: Floats, reference: Floats, generator: np.random.Generator) -> Floats:
    """Return what each point adds to the hypervolume of a frontier, of shape (points).

    Exact for one and two objectives; for more, the region that the frontier leaves is sampled at random.

    Args:
        points: losses, of shape (points, objectives).
        front: losses of the frontier, of shape (members, objectives); dominated ones do no harm.
        reference: of shape (objectives); nothing beyond it counts.
        generator: of the samples.
    """
    if points.shape[1] == 1:
        best = min(front.min(initial=np.inf), reference[0])
        return np.asarray(np.maximum(best - points[:, 0], 0.0))
    if points.shape[1] == 2:
        return _gains_of_two(points, front, reference)
    return _sampled_gains(points, front, reference, generator)


def naive_hypervolume(points: Floats, reference: Floats) -> float:
    """The hypervolume by its definition: the grid that the points' coordinates make is summed up, cell by cell."""
    edges = [
        np.unique(np.append(points[:, axis][points[:, axis] < reference[axis]], reference[axis]))
        for axis in range(points.shape[1])
    ]
    total = 0.0
    for corner in product(*(range(len(each) - 1) for each in edges)):
        low = np.array([each[place] for each, place in zip(edges, corner, strict=True)])
        high = np.array([each[place + 1] for each, place in zip(edges, corner, strict=True)])
        if (points <= low).all(axis=1).any():
            total += float(np.prod(high - low))
    return total


def _gains_of_two(points: Floats, front: Floats, reference: Floats) -> Floats:
    """Between two neighbours of the frontier, ordered by the first loss, a point adds a rectangle up to their step."""
    first, steps = _staircase(front, reference)
    widths = first[1:] - np.clip(points[:, :1], first[:-1], first[1:])
    heights = np.maximum(steps - points[:, 1:], 0.0)
    return np.asarray((widths * heights).sum(axis=1))


def _staircase(front: Floats, reference: Floats) -> tuple[Floats, Floats]:
    """Edges along the first loss, of shape (steps + 1), and the second loss that is reached from each on."""
    inside = front[(front < reference).all(axis=1)]
    inside = inside[np.argsort(inside[:, 0], kind="stable")]
    edges = np.concatenate([[-np.inf], inside[:, 0], reference[:1]])
    reached = np.minimum.accumulate(np.concatenate([reference[1:], inside[:, 1]]))
    return edges, reached


def _sampled_gains(points: Floats, front: Floats, reference: Floats, generator: np.random.Generator) -> Floats:
    """The share of samples of the region that points dominate, each between the best of all and the reference."""
    best = np.minimum(np.vstack([points, front]).min(axis=0), reference)
    samples = best + generator.random((4 * SAMPLED_POINTS, len(best))) * (reference - best)
    left = samples[~(front[:, None] <= samples).all(axis=2).any(axis=0)]
    volume = np.prod(reference - best) * len(left) / len(samples)
    left = left[:SAMPLED_POINTS]
    return (
        np.asarray((points[:, None] <= left).all(axis=2).mean(axis=1) * volume) if len(left) else np.zeros(len(points))
    )
