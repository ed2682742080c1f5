"""Choosing among pipelines that do not differ significantly in the first objective, or in utility."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tradespace.evals.figures import USD_PER_1K, Kind, figure_of
from tradespace.explorer.conclusions.figures import advantage
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.search_space.bounds import total_missed
from tradespace.search_space.goals import Goals, Objective


def one_of_each_class(tied: Sequence[Finalist], goals: Goals) -> tuple[Finalist, ...]:
    """Return of pipelines that are tied the cheapest of each class, the cheapest first."""
    kept: list[Finalist] = []
    for finalist in sorted(tied, key=lambda finalist: _all_costs(finalist, goals)):
        if not any(finalist.evaluation.pipeline in other.alike for other in kept):
            kept.append(finalist)
    return tuple(kept)


def choose(tied: Sequence[Finalist], goals: Goals) -> Finalist | None:
    """Return of pipelines that are tied in the first objective, or in utility, the one that the others prefer.

    The other objectives that are scores count one after the other, in their order: each keeps the best in it, and those
    that can't be told apart from that on the same questions; unless a utility has weighed them. Of what is left the
    cheapest is chosen, first in dollars and then in other costs that are objectives, then the fastest.
    """
    left = list(tied)
    for objective in _other_scores(goals):
        left = _not_behind(left, objective)
    return min(left, key=lambda finalist: _all_costs(finalist, goals), default=None)


def weighed(tied: Sequence[Finalist], goals: Goals) -> tuple[str, ...]:
    """Return the measures that `choose` looks at, in order: those that any of the tied has a figure for."""
    names = [objective.measure for objective in _other_scores(goals)]
    return tuple(name for name in (*names, *_costs(goals)) if any(name in finalist.estimates for finalist in tied))


def nearest_finalist(finalists: Sequence[Finalist], goals: Goals) -> Finalist | None:
    """Return the one that misses the bounds by least, as shares of their limits, of those that get anything right where
    any does."""
    beyond = [finalist for finalist in finalists if finalist.missed and math.isfinite(_missed(finalist, goals))]
    return min(
        beyond, key=lambda finalist: (not finalist.above_zero(goals.primary), _missed(finalist, goals)), default=None
    )


def _other_scores(goals: Goals) -> list[Objective]:
    if goals.utility:
        return []
    return [objective for objective in goals.objectives if objective != goals.primary and objective.is_score]


def _missed(finalist: Finalist, goals: Goals) -> float:
    known = (finalist.estimates.get(bound.measure) for bound in goals.bounds)
    values = [math.nan if estimate is None or estimate.value is None else estimate.value for estimate in known]
    return total_missed(goals.bounds, values)


def _costs(goals: Goals) -> tuple[str, ...]:
    """What is kept small, in order: dollars, other costs that are objectives, and the latency that is judged."""
    costs = [name for name in goals.measures if figure_of(name).kind is Kind.COST]
    return tuple(dict.fromkeys([USD_PER_1K.name, *costs, goals.latency]))


def _not_behind(tied: list[Finalist], objective: Objective) -> list[Finalist]:
    """Keep the best in an objective, and those that can't be told apart from it; all where none has a figure."""
    known = [finalist for finalist in tied if objective.measure in finalist.estimates]
    if not known:
        return tied
    best = max(known, key=lambda finalist: _gain(finalist, objective))
    return [
        finalist
        for finalist in known
        if finalist is best or not (advantage(best.evaluation, finalist.evaluation, objective).low or 0) > 0
    ]


def _gain(finalist: Finalist, objective: Objective) -> float:
    value = finalist.estimates[objective.measure].value or 0.0
    return value if objective.maximize else -value


def _all_costs(finalist: Finalist, goals: Goals) -> list[float]:
    return [_cost(finalist, name) for name in _costs(goals)]


def _cost(finalist: Finalist, measure: str) -> float:
    """A figure to be kept small; infinite where it is missing."""
    estimate = finalist.estimates.get(measure)
    return math.inf if estimate is None or estimate.value is None else estimate.value
