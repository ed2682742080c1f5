"""The pipelines that no other dominates, and the confidence of that claim.

One point dominates another when it is at least as good in every objective and better in one. Equal points do not
dominate each other: all of them stay. A point with a missing or infinite objective can't be compared, so it is never
on the frontier and never pushes another off it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradespace.explorer.arrays import Flags, Floats

Places = NDArray[np.intp]


def dominates(point: Sequence[float], other: Sequence[float], maximize: Sequence[bool]) -> bool:
    """Say whether `point` dominates `other`: the definition, one pair at a time. Both must be finite."""
    gains = [a - b if up else b - a for a, b, up in zip(point, other, maximize, strict=True)]
    return min(gains) >= 0 and max(gains) > 0


def non_dominated(points: ArrayLike, maximize: Sequence[bool]) -> Flags:
    """Mark the points of the frontier.

    Args:
        points: figures of shape (points, objectives); NaN or infinite where missing.
        maximize: the direction of each objective.

    Returns:
        One flag for each point. Costs O(points x frontier), as each kept point strikes out all that it dominates.
    """
    comparable, unique, group = _distinct(points, maximize)
    flags = np.zeros(len(np.reshape(points, (-1, len(maximize)))), dtype=bool)
    flags[comparable] = _first_layer(unique)[group]
    return flags


def _distinct(points: ArrayLike, maximize: Sequence[bool]) -> tuple[Places, Floats, Places]:
    """Return positions of points without a missing objective, their distinct costs in lexicographic order, and which of
    these each has."""
    objectives = np.asarray(points, dtype=np.float64).reshape(-1, len(maximize))
    costs = np.where(np.asarray(maximize, dtype=bool), -objectives, objectives)
    comparable = np.flatnonzero(np.isfinite(costs).all(axis=1))
    order = np.lexsort(costs[comparable].T[::-1])
    ordered = costs[comparable][order]
    is_new = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(axis=1)])[: len(ordered)]
    group = np.empty(len(order), dtype=np.intp)
    group[order] = np.cumsum(is_new) - 1
    return comparable, ordered[is_new], group


def _first_layer(costs: Floats) -> Flags:
    """Mark the non-dominated among distinct points in lexicographic order, where only an earlier point can dominate."""
    if costs.shape[1] == 2:  # one pass: whoever costs less in the second than all earlier ones
        least = np.concatenate([[np.inf], np.minimum.accumulate(costs[:, 1])])
        return np.asarray(costs[:, 1] < least[:-1])
    flags = np.zeros(len(costs), dtype=bool)
    left = np.arange(len(costs))
    while len(left):
        flags[left[0]] = True
        rivals = left[1:]
        left = rivals[(costs[rivals] < costs[left[0]]).any(axis=1)]
    return flags


def front_layers(points: ArrayLike, maximize: Sequence[bool], limit: int) -> Places:
    """Return positions of the best points: the frontier, then the frontier of the rest, and so on until `limit`.

    Layers stay whole, so a few more than `limit` may come back; points with a missing objective never do.
    """
    comparable, unique, group = _distinct(points, maximize)
    equals = np.bincount(group, minlength=len(unique))
    layers = np.full(len(unique), -1)
    left = np.arange(len(unique))
    while len(left) and equals[layers >= 0].sum() < limit:
        first = _first_layer(unique[left])
        layers[left[first]] = layers.max() + 1
        left = left[~first]
    order = np.argsort(layers[group], kind="stable")
    return comparable[order[layers[group][order] >= 0]]


def membership(resampled: Iterable[ArrayLike], maximize: Sequence[bool]) -> Floats:
    """Return for each point the share of bootstrap replicates in which it is on the frontier.

    Args:
        resampled: figures of all points, of shape (points, objectives), on one resample each; see `replicates`.
        maximize: the direction of each objective.

    Raises:
        ValueError: there is no replicate.
    """
    shares = [non_dominated(points, maximize) for points in resampled]
    if not shares:
        raise ValueError("membership needs at least one bootstrap replicate; none was given")
    return np.asarray(np.mean(shares, axis=0))
