"""What a study's results say: the frontier, who keeps the service level, and which pipeline is recommended.

A pure function of `Results`: nothing is run. The frontier comes from the
explore questions; the recommendation from the confirm questions, which no decision has seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tradespace.evals.figures import FIGURES, Kind
from tradespace.evals.optimism import best_of_many_optimism
from tradespace.explorer.conclusions.better_than_observed import ObservedComparison, compare_observed
from tradespace.explorer.conclusions.by_group import ColumnFigures, figures_by_group
from tradespace.explorer.conclusions.calibration import JudgeStanding, calibrated
from tradespace.explorer.conclusions.choice import choose, nearest_finalist, one_of_each_class, weighed
from tradespace.explorer.conclusions.classes import answered_alike
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.figures import joint_estimates, lead, worths
from tradespace.explorer.conclusions.judging import (
    Finalist,
    best_finalist,
    judged_cohorts,
    judged_finalists,
    keeping,
    kept,
)
from tradespace.explorer.conclusions.points import Point, explored_points
from tradespace.explorer.conclusions.split import SplitAnswer, answer_split
from tradespace.explorer.results import Evaluation, QuestionSet, Results
from tradespace.garbage_collection import garbage_collection_paused
from tradespace.search_space.goals import Goals, Objective, ServiceLevel


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is known, and what follows.

    Attributes:
        goals: what the pipelines are judged by.
        basis: the questions that the recommendation rests on. EXPLORE only where no confirmed pipeline keeps the
            service level: its figures then come from the questions that chose it, and flatter it.
        points: all explored pipelines, in the order of the results.
        finalists: the judged pipelines, those of the basis first, best first by the first objective.
        best: the finalist of highest utility, or without one the most accurate, that keeps the bounds.
        recommended: of `best` and those tied with it the one that the other objectives prefer (unless a utility weighs
            them), then the cheapest, then the fastest; None where the goals ask for no recommendation.
        tied: `best` and those that can't be told apart from it, the cheapest of each class, cheapest first.
        weighed: the measures that decided between the tied, in order; empty where nothing is tied.
        alike: the other explored pipelines that answered every question as the recommended one did: they are one.
        likely_fall: by how much a first objective that is a score is likely to be worse on fresh questions for the best
            of all that keep the bounds, where it was not confirmed.
        useless: where finalists keep the bounds, but none that can be told from one that gets nothing right: the
            best of them. Nothing is recommended then.
        nearest: where nothing keeps the bounds, the finalist that misses them by least.
        unconfirmed: an explored pipeline that keeps the bounds and did better than `best` on the explore
            questions, but was never confirmed: it happens when another service level is asked about.
        split: how the bound is best divided; None without a service level.
        by_group: what the pipeline that is recommended, or else the one that comes nearest to that, scores on groups of
            questions; a part for each column that tells groups apart.
        observed: where a running system stands that was recorded, and the nearest pipeline that is better; None where
            none was.
        generated: how many of the questions were generated, and by what, as a clause; empty where none was.
        judges: how it stands with each judge of a measure. The figures of finalists that were confirmed are corrected
            by what people said, where they said enough; all others are raw.
    """

    goals: Goals
    basis: QuestionSet
    points: tuple[Point, ...]
    finalists: tuple[Finalist, ...] = ()
    best: Finalist | None = None
    recommended: Finalist | None = None
    tied: tuple[Finalist, ...] = ()
    alike: tuple[str, ...] = ()
    likely_fall: float | None = None
    weighed: tuple[str, ...] = ()
    useless: Finalist | None = None
    nearest: Finalist | None = None
    unconfirmed: Evaluation | None = None
    split: SplitAnswer | None = None
    by_group: tuple[ColumnFigures, ...] = ()
    observed: ObservedComparison | None = None
    generated: str = ""
    judges: tuple[JudgeStanding, ...] = ()

    @property
    def primary(self) -> Objective:
        """The objective that pipelines are ranked by."""
        return self.goals.primary

    @property
    def latency(self) -> str:
        """The latency that is judged."""
        return self.goals.latency

    @property
    def sla(self) -> ServiceLevel | None:
        """What a pipeline must keep, if there is anything."""
        return self.goals.sla

    @property
    def fell(self) -> float | None:
        """By how much the recommended pipeline's first objective is worse on the confirm questions than on those that
        chose it; negative where it is better, None where it was not confirmed."""
        return None if self.recommended is None else self._fall(self.recommended)

    def _fall(self, finalist: Finalist) -> float | None:
        own, measure = finalist.evaluation, self.primary.measure
        before = next(
            (point.figures[measure] for point in self.points if point.evaluation.pipeline == own.pipeline), None
        )
        after = estimate.value if (estimate := finalist.as_judged(measure)) else None
        if own.question_set is QuestionSet.EXPLORE or before is None or after is None:
            return None
        return (before - after) if self.primary.maximize else (after - before)

    @property
    def frontier(self) -> tuple[Point, ...]:
        """The points on the frontier, fastest first where latency is known."""
        members = [point for point in self.points if point.on_frontier]
        return tuple(sorted(members, key=lambda point: point.figures.get(self.latency) or math.inf))


@garbage_collection_paused()
def conclude(results: Results) -> Conclusion:
    """Draw the conclusion from a study's results, by their goals; `Results.under` asks what follows from others."""
    goals, raw = results.goals, results.confirmed
    results, judges = calibrated(results)
    primary, measures = goals.primary, _measures(goals)
    questions = results.provenance.questions.get(QuestionSet.EXPLORE, 0)
    points = explored_points(results.explored, measures, goals, questions)
    cohorts = judged_cohorts(points, results.confirmed, goals)
    found = (finalist for cohort in cohorts for finalist in judged_finalists(cohort, measures, goals))
    judged = _with_raw(tuple(found), raw, [each.measure for each in judges if each.corrected])
    best = best_finalist(judged, primary)
    able = [
        finalist
        for finalist in judged
        if finalist is best or (finalist.tied and finalist.keeps_bounds and finalist.above_zero(primary))
    ]
    tied = one_of_each_class(able, goals)
    recommended = choose(tied, goals) if goals.recommend else None
    useless = None if best else _useless(judged, primary.measure)
    nearest = None if best else nearest_finalist(judged, goals)
    return Conclusion(
        goals=goals,
        basis=cohorts[0].question_set or QuestionSet.EXPLORE,
        points=points,
        finalists=judged,
        best=best,
        recommended=recommended,
        tied=tied,
        alike=_alike(results, recommended, goals),
        likely_fall=_likely_fall(points, best, goals),
        weighed=weighed(tied, goals) if len(tied) > 1 else (),
        useless=useless,
        nearest=nearest,
        unconfirmed=_unconfirmed(points, results.confirmed, best, goals),
        split=_split(results, goals, recommended),
        by_group=_by_group(results, recommended or best or useless or nearest, raw),
        observed=_observed(results, points),
        generated=results.provenance.generated,
        judges=judges,
    )


def _with_raw(
    finalists: tuple[Finalist, ...], confirmed: Sequence[Evaluation], measures: Sequence[str]
) -> tuple[Finalist, ...]:
    """The finalists, with what their corrected figures were before."""
    known = dict(zip((each.pipeline for each in confirmed), joint_estimates(confirmed, measures), strict=True))
    return tuple(
        replace(each, raw=known[each.evaluation.pipeline]) if each.evaluation.designs else each for each in finalists
    )


def _observed(results: Results, points: Sequence[Point]) -> ObservedComparison | None:
    if results.observed is None:
        return None
    account = results.provenance.search
    return compare_observed(results.observed, points, results.goals, account.alike if account else {})


def _useless(judged: Sequence[Finalist], measure: str) -> Finalist | None:
    """The first that keeps the bounds, and has a figure at all."""
    return next((finalist for finalist in judged if finalist.keeps_bounds and measure in finalist.estimates), None)


def _by_group(
    results: Results, finalist: Finalist | None, confirmed: Sequence[Evaluation]
) -> tuple[ColumnFigures, ...]:
    if finalist is None:
        return ()
    evaluation, goals = finalist.evaluation, results.goals
    columns = results.provenance.groups.get(evaluation.question_set, {})
    judged = next((each for each in confirmed if evaluation.designs and each.pipeline == evaluation.pipeline), None)
    return figures_by_group(evaluation, columns, [name for name in goals.scores if name not in goals.of_groups], judged)


def _measures(goals: Goals) -> tuple[str, ...]:
    """All measures worth a column: the objectives', those with bounds, the latency that is judged, and all costs of
    pipelines."""
    costs = [each.name for each in FIGURES.values() if each.kind is Kind.COST and not each.of_deployments]
    return tuple(dict.fromkeys([*goals.needed, goals.latency, *costs]))


def _likely_fall(points: Sequence[Point], best: Finalist | None, goals: Goals) -> float | None:
    if best is None or best.evaluation.question_set is not QuestionSet.EXPLORE or not goals.primary.is_score:
        return None
    rivals = tuple(point.evaluation for point in points if kept(point, goals.bounds))
    return best_of_many_optimism(Cohort(rivals).scores(goals.primary.measure) * (1 if goals.primary.maximize else -1))


def _alike(results: Results, recommended: Finalist | None, goals: Goals) -> tuple[str, ...]:
    """Return the explored pipelines that answered all explore questions as the recommended one did, and where they were
    confirmed, all confirm questions too."""
    if recommended is None:
        return ()
    own = recommended.evaluation.pipeline
    answers = next((each.answers for each in results.explored if each.pipeline == own), "")
    same = [each for each in results.explored if answers and each.answers == answers]
    alike = dict(zip([each.pipeline for each in same], answered_alike(same, goals.scores), strict=True))
    judged = {each.pipeline for each in results.confirmed}
    return tuple(name for name in alike.get(own, ()) if name not in judged or name in recommended.alike)


def _split(results: Results, goals: Goals, recommended: Finalist | None) -> SplitAnswer | None:
    if goals.sla is None or not results.explored:
        return None
    own = recommended.evaluation.pipeline if recommended else None
    confirmed = keeping(results.confirmed, goals.beside_sla)
    refuted = {each.pipeline for each in results.confirmed} - {each.pipeline for each in confirmed}
    keep = {each.pipeline for each in keeping(results.explored, goals.beside_sla)} - refuted
    explored = [each for each in results.explored if each.pipeline == own or each.pipeline in keep]
    return answer_split(explored, confirmed, goals.primary, goals.sla, own)


def _unconfirmed(
    points: Sequence[Point], confirmed: Sequence[Evaluation], best: Finalist | None, goals: Goals
) -> Evaluation | None:
    """Return the best explored pipeline that was not confirmed, if it is better than `best` beyond doubt."""
    judged = {evaluation.pipeline for evaluation in confirmed}
    rivals = [
        point.evaluation for point in points if kept(point, goals.bounds) and point.evaluation.pipeline not in judged
    ]
    own = [point.evaluation for point in points if best and point.evaluation.pipeline == best.evaluation.pipeline]
    if not rivals or not own or own[0].pipeline not in judged:
        return None
    rival = rivals[int(np.argmax(np.nan_to_num(worths(rivals, goals), nan=-math.inf)))]
    return rival if (lead(rival, own[0], goals).low or 0.0) > 0 else None
