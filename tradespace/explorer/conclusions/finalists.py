"""Which pipelines are worth confirming on fresh questions and running end to end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.conclusions.classes import answer_classes
from tradespace.explorer.conclusions.figures import figures, worth_of
from tradespace.explorer.conclusions.smoothing import smoothed
from tradespace.explorer.conclusions.split import best_per_split
from tradespace.explorer.dominance import non_dominated
from tradespace.explorer.results import Evaluation
from tradespace.search_space.bounds import Bound, total_missed
from tradespace.search_space.goals import Goals


def finalists(evaluations: Sequence[Evaluation], goals: Goals, limit: int) -> list[Evaluation]:
    """The pipelines to confirm, best first: `limit` of the frontier, and the best for each split of the SLA.

    The frontier of those that keep all bounds comes first, by utility or else by the first maximised objective: the
    recommended one is found among them. Scores are compared `smoothed`, and of pipelines that answered alike one is
    confirmed. What is left of the limit goes to the frontier beyond the bounds, what misses them by least first, so
    that the report can say what laxer ones would buy. Where no recommendation is wanted, all that keep the bounds are
    confirmed. The best of each split are needed to quote what a split gives.
    """
    if not evaluations:
        return []
    missed = shares_missed(evaluations, goals.bounds)
    points = _smoothed_figures(evaluations, goals)
    gain = np.nan_to_num(worth_of(dict(zip(goals.measures, points.T, strict=True)), goals), nan=-np.inf)
    kept = [place for place, excess in enumerate(missed) if excess == 0]
    within = [kept[row] for row in np.flatnonzero(non_dominated(points[kept], goals.maximize))]
    frontier = np.flatnonzero(non_dominated(points, goals.maximize)).tolist()
    ranked = sorted({*within, *frontier}, key=lambda place: (missed[place], -gain[place]))
    most = limit if goals.recommend else max(limit, sum(missed[place] == 0 for place in ranked))
    chosen = _one_of_each_class(ranked, evaluations, goals)[:most]
    return [evaluations[place] for place in dict.fromkeys([*chosen, *_split_places(evaluations, goals)])]


def _smoothed_figures(evaluations: Sequence[Evaluation], goals: Goals) -> Floats:
    """The figures of the objectives, with scores smoothed."""
    points = figures(evaluations, goals.measures)
    for column, objective in enumerate(goals.objectives):
        if objective.is_score:
            points[:, column] = smoothed(evaluations, points[:, column])
    return points


def _one_of_each_class(ranked: Sequence[int], evaluations: Sequence[Evaluation], goals: Goals) -> list[int]:
    """The first place of each class of pipelines that answered alike."""
    classes = answer_classes([evaluations[place] for place in ranked], goals.scores)
    return [ranked[rows[0]] for rows in classes]


def _split_places(evaluations: Sequence[Evaluation], goals: Goals) -> list[int]:
    """The best for each split of the SLA, of those that keep the other limits."""
    if goals.sla is None:
        return []
    able = [place for place, missed in enumerate(shares_missed(evaluations, goals.beside_sla)) if missed == 0]
    best = best_per_split([evaluations[place] for place in able], goals.primary, goals.sla)
    return [able[row] for row in best if row is not None]


def shares_missed(evaluations: Sequence[Evaluation], bounds: Sequence[Bound]) -> list[float]:
    """By how much each pipeline misses the bounds, as shares of their limits; 0 where it keeps them all."""
    table = figures(evaluations, [bound.measure for bound in bounds]).tolist()
    return [total_missed(bounds, row) for row in table]
