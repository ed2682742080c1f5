"""Which pipelines are worth confirming on fresh questions and running end to end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tradespace.explorer.conclusions.figures import figures
from tradespace.explorer.conclusions.split import best_per_share
from tradespace.explorer.dominance import non_dominated
from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Goals, ServiceLevel


def finalists(evaluations: Sequence[Evaluation], goals: Goals, limit: int) -> list[Evaluation]:
    """The pipelines to confirm, best first: `limit` of the frontier, and the best for each split of the SLA.

    The members of the frontier that keep the SLA come first, by the first maximised objective: the recommended one is
    found among them. What is left of the limit goes to those beyond the SLA, the nearest to it first, so that the
    report can say what more time would buy. The best of each split are needed to quote what a split gives.
    """
    primary, sla = goals.primary, goals.sla
    points = figures(evaluations, goals.measures)
    frontier = np.flatnonzero(non_dominated(points, goals.maximize))
    late = excess_seconds(evaluations, sla)
    gain = points[:, goals.objectives.index(primary)] * (1 if primary.maximize else -1)
    chosen = sorted(map(int, frontier), key=lambda place: (late[place], -gain[place]))[:limit]
    splits = best_per_share(evaluations, primary, sla) if sla and evaluations else ()
    return [evaluations[place] for place in dict.fromkeys([*chosen, *(place for place in splits if place is not None)])]


def excess_seconds(evaluations: Sequence[Evaluation], sla: ServiceLevel | None) -> list[float]:
    """By how many seconds each pipeline misses the SLA; 0 where it keeps it or there is none."""
    if sla is None or not evaluations:
        return [0.0] * len(evaluations)
    (latency,) = figures(evaluations, [sla.measure]).T
    return [max(0.0, float(value) - sla.seconds) for value in latency]
