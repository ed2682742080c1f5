"""Judging the pipelines that may be recommended: each with intervals, against the best, on the same questions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tradespace.evals.figures import LATENCIES
from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.figures import advantage, estimates, figures
from tradespace.explorer.conclusions.points import Point
from tradespace.explorer.dominance import non_dominated
from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Goals, Objective, ServiceLevel


@dataclass(frozen=True, slots=True)
class Finalist:
    """A pipeline that was judged, with intervals.

    Attributes:
        evaluation: on the questions that it was judged by.
        estimates: by measure, with 95 % intervals over the questions; latencies are those of real end-to-end runs where
            there were any.
        predicted: latency figures composed from stages that were timed alone, by measure, in seconds.
        measured: the same figures from real end-to-end runs on the same questions; empty where there were none.
        keeps_sla: whether its latency figure keeps the bound; True where there is no service level.
        behind: what it lacks in the first objective against the best, paired over questions; None for the best itself.
        tied: whether it does not differ significantly from the best: that interval includes 0.
    """

    evaluation: Evaluation
    estimates: Mapping[str, Estimate]
    predicted: Mapping[str, float]
    measured: Mapping[str, float]
    keeps_sla: bool
    behind: Estimate | None = None
    tied: bool = False

    def above_zero(self, objective: Objective) -> bool:
        """Whether it can be told from one that gets nothing right: its figure is known and, where it is a score, the
        interval excludes 0."""
        estimate = self.estimates.get(objective.measure)
        if estimate is None or not math.isfinite(estimate.value or 0.0):
            return False
        return not (objective.maximize and objective.is_score) or (estimate.low or 0.0) > 0


def judged_cohorts(points: Sequence[Point], confirmed: Sequence[Evaluation], goals: Goals) -> tuple[Cohort, ...]:
    """Return the pipelines to judge, in cohorts of which the first may be recommended: those confirmed, unless only
    unconfirmed ones may keep the service level."""
    confirmed_cohort = (Cohort(tuple(confirmed)),) if confirmed else ()
    if confirmed and any(keep_sla(confirmed, goals.sla)):
        return confirmed_cohort
    refuted = {evaluation.pipeline for evaluation in confirmed}
    fresh = [point for point in points if point.evaluation.pipeline not in refuted]
    if may_keep := [point for point in fresh if kept(point, goals.sla)]:
        return (_front(may_keep, goals), *confirmed_cohort)
    return confirmed_cohort or (_front(fresh, goals),)


def judged_finalists(cohort: Cohort, measures: Sequence[str], goals: Goals) -> tuple[Finalist, ...]:
    """Judge a cohort, best first by the first objective: against the best that keeps the service level, or where none
    does that is worth it, against none."""
    primary, keeps = goals.primary, keep_sla(cohort.evaluations, goals.sla)
    gains = figures(cohort.evaluations, [primary.measure])[:, 0] * (1 if primary.maximize else -1)
    order = sorted(range(len(cohort)), key=lambda row: -gains[row] if math.isfinite(gains[row]) else math.inf)
    known = estimates(cohort.evaluations, measures)
    alone = [_finalist(cohort.evaluations[row], known[row], keeps_sla=keeps[row]) for row in order]
    best = best_finalist(alone, primary)
    return tuple(_against(best, finalist, primary) if best else finalist for finalist in alone)


def best_finalist(finalists: Sequence[Finalist], primary: Objective) -> Finalist | None:
    """The first that keeps the service level, and can be told from one that gets nothing right."""
    return next((finalist for finalist in finalists if finalist.keeps_sla and finalist.above_zero(primary)), None)


def keep_sla(evaluations: Sequence[Evaluation], sla: ServiceLevel | None) -> list[bool]:
    """Say of each pipeline whether its latency figure keeps the service level."""
    if sla is None:
        return [True] * len(evaluations)
    seconds = figures(evaluations, [sla.measure])[:, 0]
    return [bool(value <= sla.seconds) for value in seconds]


def kept(point: Point, sla: ServiceLevel | None) -> bool:
    """Say whether a pipeline keeps the service level on the explore questions."""
    if sla is None:
        return True
    seconds = point.figures[sla.measure]
    return seconds is not None and seconds <= sla.seconds


def _front(points: Sequence[Point], goals: Goals) -> Cohort:
    names = (goals.primary.measure, goals.latency)
    table = np.array([[point.figures[name] for name in names] for point in points], dtype=np.float64)
    flags = non_dominated(table, [goals.primary.maximize, False])
    return Cohort(tuple(point.evaluation for point, flag in zip(points, flags, strict=True) if flag))


def _finalist(evaluation: Evaluation, known: Mapping[str, Estimate], *, keeps_sla: bool) -> Finalist:
    alone = Cohort((evaluation,))
    predicted = {each.name: float(each.summary.of(alone.stage_seconds())[0]) for each in LATENCIES}
    measured = {each.name: float(each.summary.of(alone.measured_seconds())[0]) for each in LATENCIES}
    return Finalist(
        evaluation,
        known,
        predicted if evaluation.seconds else {},
        measured if evaluation.end_to_end else {},
        keeps_sla,
    )


def _against(best: Finalist, finalist: Finalist, primary: Objective) -> Finalist:
    if finalist is best:
        return finalist
    behind = advantage(best.evaluation, finalist.evaluation, primary)
    return replace(finalist, behind=behind, tied=includes_zero(behind))


def includes_zero(difference: Estimate) -> bool:
    """Whether a difference can't be told from none."""
    return (difference.low or 0.0) <= 0 <= (difference.high or 0.0)
