"""Choosing one of the pipelines that can't be told apart in the first objective."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tradespace.explorer.conclusions.figures import advantage, is_score
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.search_space.goals import Objective
from tradespace.types import USD_PER_1K


def choose(
    tied: Sequence[Finalist], primary: Objective, objectives: Sequence[Objective], latency: str
) -> Finalist | None:
    """Return of pipelines that are tied in the first objective the one that the others prefer.

    The other objectives that are scores count one after the other, in their order: each keeps the best in it, and those
    that can't be told apart from that on the same questions. Of what is left the cheapest is chosen, then the fastest.
    """
    left = list(tied)
    for objective in _other_scores(primary, objectives):
        left = _not_behind(left, objective)
    return min(left, key=lambda finalist: (_cost(finalist, USD_PER_1K), _cost(finalist, latency)), default=None)


def weighed(
    tied: Sequence[Finalist], primary: Objective, objectives: Sequence[Objective], latency: str
) -> tuple[str, ...]:
    """Return the measures that `choose` looks at, in order: those that any of the tied has a figure for."""
    names = [objective.measure for objective in _other_scores(primary, objectives)]
    return tuple(name for name in (*names, USD_PER_1K, latency) if any(name in finalist.estimates for finalist in tied))


def nearest_finalist(finalists: Sequence[Finalist], primary: Objective, latency: str) -> Finalist | None:
    """Return the one that misses the service level by least, of those that get anything right where any does."""
    late = [one for one in finalists if not one.keeps_sla and math.isfinite(_cost(one, latency))]
    return min(late, key=lambda one: (not one.above_zero(primary), _cost(one, latency)), default=None)


def _other_scores(primary: Objective, objectives: Sequence[Objective]) -> list[Objective]:
    return [objective for objective in objectives if objective != primary and is_score(objective.measure)]


def _not_behind(tied: list[Finalist], objective: Objective) -> list[Finalist]:
    """Keep the best in an objective, and those that can't be told apart from it; all where none has a figure."""
    known = [finalist for finalist in tied if objective.measure in finalist.estimates]
    if not known:
        return tied
    best = max(known, key=lambda finalist: _gain(finalist, objective))
    return [
        one for one in known if one is best or not (advantage(best.evaluation, one.evaluation, objective).low or 0) > 0
    ]


def _gain(finalist: Finalist, objective: Objective) -> float:
    value = finalist.estimates[objective.measure].value or 0.0
    return value if objective.maximize else -value


def _cost(finalist: Finalist, measure: str) -> float:
    """A figure to be kept small; infinite where it is missing."""
    estimate = finalist.estimates.get(measure)
    return math.inf if estimate is None or estimate.value is None else estimate.value
