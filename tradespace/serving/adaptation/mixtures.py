"""How accurate answers of a deployment can be at most, if every request may be given another pipeline."""

from __future__ import annotations

import math

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.search_space.deployment import Deployment, StageGroup
from tradespace.serving.adaptation.menu import Menu


class MixtureBound:
    """An upper bound on worth: replicas that never idle, batches that are always full, pipelines mixed at will.

    A share of requests for each pipeline may take no more replica-seconds in a group than there are. By group this is
    the upper hull of (replica-seconds, accuracy) of the pipelines; a deployment is as good as its worst group.
    """

    def __init__(self, menu: Menu) -> None:
        self._menu = menu
        self._hulls: dict[tuple[int, int], tuple[Floats, Floats]] = {}

    def worth(self, deployment: Deployment, rate: float) -> float:
        """Of a deployment at a rate, at most; minus infinity where it can't carry it."""
        groups = enumerate(deployment.groups)
        accuracy = min(self._accuracy(place, group, rate) for place, group in groups)
        return self._menu.worth(accuracy, deployment) if accuracy > -math.inf else -math.inf

    def _accuracy(self, place: int, group: StageGroup, rate: float) -> float:
        needs, accuracies = self._hull(place, group.batch)
        available = group.replicas / rate if rate > 0 else math.inf
        return float(np.interp(available, needs, accuracies)) if available > needs[0] else -math.inf

    def _hull(self, place: int, batch: int) -> tuple[Floats, Floats]:
        if (place, batch) not in self._hulls:
            points = [
                (variant.batch_seconds(place, batch) / batch, variant.accuracy) for variant in self._menu.variants
            ]
            self._hulls[place, batch] = upper_hull(points)
        return self._hulls[place, batch]


def upper_hull(points: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    """The ascending part of the upper hull of points, from the leftmost to the highest: what mixtures reach.

    >>> upper_hull([(1.0, 0.0), (2.0, 0.1), (3.0, 1.0), (4.0, 0.9)])
    (array([1., 3.]), array([0., 1.]))
    """
    hull: list[tuple[float, float]] = []
    for x, y in sorted(points):
        while hull and y >= hull[-1][1] and _is_superfluous(hull, x, y):
            hull.pop()
        if not hull or y > hull[-1][1]:
            hull.append((x, y))
    return np.array([x for x, _ in hull]), np.array([y for _, y in hull])


def _is_superfluous(hull: list[tuple[float, float]], x: float, y: float) -> bool:
    """Whether the last point of a hull is not above the line from the one before it to the new one."""
    last_x, last_y = hull[-1]
    if len(hull) == 1:
        return last_x == x
    before_x, before_y = hull[-2]
    return (last_y - before_y) * (x - before_x) <= (y - before_y) * (last_x - before_x)
