"""What pipelines are judged by, as JSON holds it."""

from __future__ import annotations

from typing import Any

from tradespace.search_space.goals import DIRECTIONS, Goals, ServiceLevel


def plain_goals(goals: Goals) -> dict[str, Any]:
    """Objectives with their directions, the SLA, limits as texts, and the utility; null where there is none.

    >>> from tradespace.search_space.goals import Objective
    >>> plain_goals(Goals((Objective("answer_f1", True),), ServiceLevel("latency_p95", 0.1, (("retrieve",),))))
    ... # doctest: +NORMALIZE_WHITESPACE
    {'objectives': {'answer_f1': 'maximize'},
     'sla': {'measure': 'latency_p95', 'seconds': 0.1, 'groups': (('retrieve',),)}, 'limits': [], 'utility': None}
    """
    return {
        "objectives": {each.measure: DIRECTIONS[not each.maximize] for each in goals.objectives},
        "sla": plain_sla(goals.sla) if goals.sla else None,
        "limits": [str(limit) for limit in goals.limits],
        "utility": goals.utility.text if goals.utility else None,
    }


def plain_sla(sla: ServiceLevel) -> dict[str, Any]:
    """A latency to keep, and the groups of stages that share it."""
    return {"measure": sla.measure, "seconds": sla.seconds, "groups": sla.split}
