"""Pipelines that are one: they make the same calls, or came to the same on every question."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.explorer.arrays import Flags
from tradespace.explorer.search.frontier.pool import Pool


def classes(pool: Pool, rows: Flags) -> dict[Pipeline, tuple[Pipeline, ...]]:
    """Those of some complete rows that stand in front of their class, by cost, with the others of it.

    In front is whoever costs least; one that scores the same on every question stands behind another that costs no more
    in anything.
    """
    fronts: defaultdict[bytes, list[int]] = defaultdict(list)
    behind: dict[int, list[Pipeline]] = {}
    places = np.flatnonzero(rows & pool.complete)
    for row in places[np.lexsort(pool.costs[places].T[::-1])] if pool.costs.shape[1] else places:
        rivals = fronts[pool.scores[row].tobytes()]
        front = next((each for each in rivals if (pool.costs[each] <= pool.costs[row]).all()), None)
        if front is None:
            rivals.append(row)
            behind[row] = list(pool.alike[row])
        else:
            behind[front] += [pool.pipelines[row], *pool.alike[row]]
    return {pool.pipelines[row]: tuple(others) for row, others in behind.items()}
