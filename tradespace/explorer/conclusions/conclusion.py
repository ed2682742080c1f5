"""What a study's results say: the frontier, who keeps the service level, and which pipeline is recommended.

A pure function of `Results`, and optionally of another service level: nothing is run. The frontier comes from the
explore questions; the recommendation from the confirm questions, which no decision has seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.explorer.conclusions.choice import choose, nearest_finalist, weighed
from tradespace.explorer.conclusions.figures import advantage, figures
from tradespace.explorer.conclusions.judging import Finalist, best_finalist, finalists, judged_cohorts, kept
from tradespace.explorer.conclusions.points import Point, explored_points
from tradespace.explorer.conclusions.split import SplitAnswer, answer_split
from tradespace.explorer.garbage_collection import garbage_collection_paused
from tradespace.explorer.results import Evaluation, QuestionSet, Results
from tradespace.search_space.goals import Objective, ServiceLevel, latency_measure, primary_objective
from tradespace.types import USD_PER_1K


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is known, and what follows.

    Attributes:
        primary: the first objective that is maximised, or else the first.
        latency: the latency measure of the service level, or else of the first latency objective.
        basis: the questions that the recommendation rests on. EXPLORE only where no confirmed pipeline keeps the
            service level: its figures then come from the questions that chose it, and flatter it.
        points: all explored pipelines, in the order of the results.
        finalists: the judged pipelines, those of the basis first, best first by the first objective.
        best: the most accurate finalist that keeps the service level.
        recommended: of `best` and those tied with it the one that the other objectives prefer, then the cheapest, then
            the fastest.
        weighed: the measures that decided between the tied, in order; empty where nothing is tied.
        useless: where finalists keep the service level, but none that can be told from one that gets nothing right: the
            best of them. Nothing is recommended then.
        nearest: where nothing is recommended, the finalist that misses the service level by least.
        unconfirmed: an explored pipeline that keeps the service level and did better than `best` on the explore
            questions, but was never confirmed: it happens when another service level is asked about.
        split: how the bound is best divided; None without a service level.
    """

    primary: Objective
    latency: str
    sla: ServiceLevel | None
    basis: QuestionSet
    points: tuple[Point, ...]
    finalists: tuple[Finalist, ...] = ()
    best: Finalist | None = None
    recommended: Finalist | None = None
    weighed: tuple[str, ...] = ()
    useless: Finalist | None = None
    nearest: Finalist | None = None
    unconfirmed: Evaluation | None = None
    split: SplitAnswer | None = None

    @property
    def frontier(self) -> tuple[Point, ...]:
        """The points on the frontier, fastest first where latency is known."""
        members = [point for point in self.points if point.on_frontier]
        return tuple(sorted(members, key=lambda point: point.figures.get(self.latency) or math.inf))


@garbage_collection_paused()
def conclude(results: Results, sla: ServiceLevel | None = None) -> Conclusion:
    """Draw the conclusion from a study's results, under its own service level or another."""
    sla = sla or results.sla
    primary = primary_objective(results.objectives)
    latency = latency_measure(results.objectives, sla)
    measures = _measures(results.objectives, latency)
    questions = results.provenance.questions.get(QuestionSet.EXPLORE, 0)
    points = explored_points(results.explored, measures, results.objectives, questions)
    cohorts = judged_cohorts(points, results.confirmed, primary, latency, sla)
    judged = tuple(one for cohort in cohorts for one in finalists(cohort, measures, primary, sla))
    best = best_finalist(judged, primary)
    tied = [one for one in judged if one is best or (one.tied and one.keeps_sla and one.above_zero(primary))]
    recommended = choose(tied, primary, results.objectives, latency)
    return Conclusion(
        primary=primary,
        latency=latency,
        sla=sla,
        basis=cohorts[0].question_set or QuestionSet.EXPLORE,
        points=points,
        finalists=judged,
        best=best,
        recommended=recommended,
        weighed=weighed(tied, primary, results.objectives, latency) if len(tied) > 1 else (),
        useless=None
        if best
        else next((one for one in judged if one.keeps_sla and primary.measure in one.estimates), None),
        nearest=None if best else nearest_finalist(judged, primary, latency),
        unconfirmed=_unconfirmed(points, results.confirmed, best, primary, sla),
        split=_split(results, primary, sla, recommended),
    )


def _measures(objectives: Sequence[Objective], latency: str) -> tuple[str, ...]:
    """All measures worth a column: the objectives', then the latency that is judged, then the cost."""
    return tuple(dict.fromkeys([*(objective.measure for objective in objectives), latency, USD_PER_1K]))


def _split(
    results: Results, primary: Objective, sla: ServiceLevel | None, recommended: Finalist | None
) -> SplitAnswer | None:
    if sla is None or not results.explored:
        return None
    own = recommended.evaluation.pipeline if recommended else None
    return answer_split(results.explored, results.confirmed, primary, sla, own)


def _unconfirmed(
    points: Sequence[Point],
    confirmed: Sequence[Evaluation],
    best: Finalist | None,
    primary: Objective,
    sla: ServiceLevel | None,
) -> Evaluation | None:
    """Return the best explored pipeline that was not confirmed, if it is better than `best` beyond doubt."""
    judged = {evaluation.pipeline for evaluation in confirmed}
    rivals = [point.evaluation for point in points if kept(point, sla) and point.evaluation.pipeline not in judged]
    own = [point.evaluation for point in points if best and point.evaluation.pipeline == best.evaluation.pipeline]
    if not rivals or not own or own[0].pipeline not in judged:
        return None
    gains = figures(rivals, [primary.measure])[:, 0] * (1 if primary.maximize else -1)
    rival = rivals[int(np.argmax(np.nan_to_num(gains, nan=-math.inf)))]
    return rival if (advantage(rival, own[0], primary).low or 0.0) > 0 else None
