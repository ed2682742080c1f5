"""Which pipelines are worth confirming on fresh questions and running end to end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tradespace.explorer.frontier import figures, non_dominated
from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Objective, ServiceLevel


def finalists(
    evaluations: Sequence[Evaluation], objectives: Sequence[Objective], sla: ServiceLevel | None, limit: int
) -> list[Evaluation]:
    """The pipelines to confirm, at most `limit`, best first.

    Those of the frontier that keep the SLA come first, by the first objective: the recommended one is found among them.
    What is left of the limit goes to the frontier beyond the SLA, the nearest to it first, so that the report can say
    what more time would buy.
    """
    points = figures(evaluations, objectives)
    frontier = np.flatnonzero(non_dominated(points, [objective.maximize for objective in objectives]))
    late = excess_seconds([evaluations[place] for place in frontier], sla)
    sign = -1.0 if objectives[0].maximize else 1.0
    order = sorted(zip(late, sign * points[frontier, 0], frontier, strict=True))
    return [evaluations[place] for _, _, place in order[:limit]]


def excess_seconds(evaluations: Sequence[Evaluation], sla: ServiceLevel | None) -> list[float]:
    """By how many seconds each pipeline misses the SLA; 0 where it keeps it or there is none."""
    if sla is None or not evaluations:
        return [0.0] * len(evaluations)
    (latency,) = figures(evaluations, [Objective(sla.measure, maximize=False)]).T
    return [max(0.0, float(value) - sla.seconds) for value in latency]
