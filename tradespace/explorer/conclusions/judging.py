"""Judging the pipelines that may be recommended: each with intervals, against the best, on the same questions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tradespace.evals.figures import LATENCIES, figure_of
from tradespace.evals.statistics import Estimate
from tradespace.evals.verdicts import BoundVerdict
from tradespace.explorer.conclusions.classes import answered_alike
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.figures import figures, joint_estimates, leads, worths
from tradespace.explorer.conclusions.group_limits import GroupVerdicts, group_verdicts
from tradespace.explorer.conclusions.points import Point
from tradespace.explorer.dominance import non_dominated
from tradespace.explorer.results import Evaluation
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Goals, Objective, ServiceLevel


@dataclass(frozen=True, slots=True)
class Finalist:
    """A pipeline that was judged, with intervals.

    Attributes:
        evaluation: on the questions that it was judged by.
        estimates: by measure, with 95 % intervals over the questions that hold for all judged pipelines at once;
            latencies are those of real end-to-end runs where there were any.
        predicted: latency figures composed from stages that were timed alone, by measure, in seconds.
        measured: the same figures from real end-to-end runs on the same questions; empty where there were none.
        missed: the bounds of the goals that its figures miss.
        behind: what it is worth less than the best, paired over questions, with intervals that hold for all judged
            pipelines at once: in utility, or without one in the first objective; None for the best itself.
        tied: whether it does not differ significantly from the best: that interval includes 0.
        verdict: whether it keeps the service level on all questions, asked or not; None where there is none.
        groups: the same of each limit that is for each group of questions.
        alike: the judged pipelines that answered every question just as it did: with it they are one.
        raw: by judged measure, what its corrected figures were before people were heard.
    """

    evaluation: Evaluation
    estimates: Mapping[str, Estimate]
    predicted: Mapping[str, float]
    measured: Mapping[str, float]
    missed: tuple[Bound, ...] = ()
    behind: Estimate | None = None
    tied: bool = False
    verdict: BoundVerdict | None = None
    groups: tuple[GroupVerdicts, ...] = ()
    alike: tuple[str, ...] = ()
    raw: Mapping[str, Estimate] = field(default_factory=dict)

    @property
    def keeps_bounds(self) -> bool:
        """Whether its figures keep the service level and all limits."""
        return not self.missed

    def as_judged(self, measure: str) -> Estimate | None:
        """Its figure as it is known of pipelines that nobody labelled answers of: raw, where it is a judge's."""
        return self.raw.get(measure) or self.estimates.get(measure)

    def above_zero(self, objective: Objective) -> bool:
        """Whether it can be told from one that gets nothing right: its figure is known and, where it is a score, the
        interval excludes 0."""
        estimate = self.estimates.get(objective.measure)
        if estimate is None or not math.isfinite(estimate.value or 0.0):
            return False
        return not (objective.maximize and objective.is_score) or (estimate.low or 0.0) > 0


def judged_cohorts(points: Sequence[Point], confirmed: Sequence[Evaluation], goals: Goals) -> tuple[Cohort, ...]:
    """Return the pipelines to judge, in cohorts of which the first may be recommended: those confirmed, unless only
    unconfirmed ones may keep the bounds."""
    confirmed_cohort = (Cohort(tuple(confirmed)),) if confirmed else ()
    if any(not missed for missed in missed_bounds(confirmed, goals.bounds)):
        return confirmed_cohort
    refuted = {evaluation.pipeline for evaluation in confirmed}
    fresh = [point for point in points if point.evaluation.pipeline not in refuted]
    if may_keep := [point for point in fresh if kept(point, goals.bounds)]:
        return (_front(may_keep, goals), *confirmed_cohort)
    return confirmed_cohort or (_front(fresh, goals),)


def judged_finalists(cohort: Cohort, measures: Sequence[str], goals: Goals) -> tuple[Finalist, ...]:
    """Judge a cohort, best first by what `worths` ranks by: against the best that keeps the bounds, or where none does
    that is worth it, against none."""
    missed, gains = missed_bounds(cohort.evaluations, goals.bounds), worths(cohort.evaluations, goals)
    order = sorted(range(len(cohort)), key=lambda row: -gains[row] if math.isfinite(gains[row]) else math.inf)
    known, verdicts = joint_estimates(cohort.evaluations, measures), _verdicts(cohort, goals.sla)
    alike, groups = answered_alike(cohort.evaluations, goals.scores), group_verdicts(cohort, goals)
    alone = [
        replace(
            _finalist(cohort.evaluations[row], known[row], missed[row]),
            verdict=verdicts[row],
            groups=groups[row],
            alike=alike[row],
        )
        for row in order
    ]
    best = best_finalist(alone, goals.primary)
    return tuple(_against(best, alone, goals) if best else alone)


def best_finalist(finalists: Sequence[Finalist], primary: Objective) -> Finalist | None:
    """The first that keeps the bounds, and can be told from one that gets nothing right."""
    return next((finalist for finalist in finalists if finalist.keeps_bounds and finalist.above_zero(primary)), None)


def missed_bounds(evaluations: Sequence[Evaluation], bounds: Sequence[Bound]) -> list[tuple[Bound, ...]]:
    """Say of each pipeline which bounds its figures miss."""
    table = figures(evaluations, [bound.measure for bound in bounds]).tolist()
    return [tuple(bound for bound, value in zip(bounds, row, strict=True) if not bound.kept_by(value)) for row in table]


def keeping(evaluations: Sequence[Evaluation], bounds: Sequence[Bound]) -> list[Evaluation]:
    """Return the pipelines whose figures keep all bounds."""
    return [each for each, missed in zip(evaluations, missed_bounds(evaluations, bounds), strict=True) if not missed]


def kept(point: Point, bounds: Sequence[Bound]) -> bool:
    """Say whether a pipeline keeps all bounds on the explore questions."""
    return all(bound.kept_by(point.figures[bound.measure]) for bound in bounds)


def _front(points: Sequence[Point], goals: Goals) -> Cohort:
    ranked = goals.utility.measures if goals.utility else (goals.primary.measure,)
    directions = {name: goals.maximize[goals.measures.index(name)] for name in ranked}
    if any(point.figures[goals.latency] is not None for point in points):
        directions |= {goals.latency: False}
    table = np.array([[point.figures[name] for name in directions] for point in points], dtype=np.float64)
    flags = non_dominated(table, list(directions.values()))
    return Cohort(tuple(point.evaluation for point, flag in zip(points, flags, strict=True) if flag))


def _finalist(evaluation: Evaluation, known: Mapping[str, Estimate], missed: tuple[Bound, ...]) -> Finalist:
    alone, run = Cohort((evaluation,)), len(evaluation.end_to_end)
    predicted = {each.name: float(each.summary.of(alone.stage_seconds()[:, :run])[0]) for each in LATENCIES}
    measured = {each.name: float(each.summary.of(alone.measured_seconds()[:, :run])[0]) for each in LATENCIES}
    return Finalist(
        evaluation,
        known,
        predicted if run and evaluation.seconds else {},
        measured if run else {},
        missed,
    )


def _verdicts(cohort: Cohort, sla: ServiceLevel | None) -> Sequence[BoundVerdict | None]:
    if sla is None:
        return [None] * len(cohort)
    seconds = cohort.values(sla.measure).tolist()
    return figure_of(sla.measure).summary.verdicts(seconds, sla.seconds, sla.error)


def _against(best: Finalist, finalists: Sequence[Finalist], goals: Goals) -> list[Finalist]:
    """Compare all with the best at once."""
    behind = leads(best.evaluation, [each.evaluation for each in finalists if each is not best], goals)
    lags = iter(behind)
    return [each if each is best else _behind(each, next(lags)) for each in finalists]


def _behind(finalist: Finalist, behind: Estimate) -> Finalist:
    return replace(finalist, behind=behind, tied=includes_zero(behind))


def includes_zero(difference: Estimate) -> bool:
    """Whether a difference can't be told from none."""
    return (difference.low or 0.0) <= 0 <= (difference.high or 0.0)
