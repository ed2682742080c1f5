"""The area that points dominate: the higher the score and the lower the cost, the better."""

from __future__ import annotations

import numpy as np

from tradespace.explorer.arrays import Floats


def hypervolume(scores: Floats, costs: Floats, floor: float, ceiling: float) -> float:
    """The area between the points and a corner (`floor` in score, `ceiling` in cost), which no point beyond adds to.

    A sweep by cost (Beume et al. 2009): O(n log n).
    """
    inside = (scores > floor) & (costs < ceiling)
    order = np.argsort(costs[inside], kind="stable")
    best = np.maximum.accumulate(np.concatenate([[floor], scores[inside][order]]))
    edges = np.concatenate([costs[inside][order], [ceiling]])
    return float(((best[1:] - floor) * np.diff(edges)).sum()) if len(order) else 0.0
