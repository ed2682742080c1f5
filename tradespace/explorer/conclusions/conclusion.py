"""What a study's results say: the frontier, who keeps the service level, and which pipeline is recommended.

A pure function of `Results`, and optionally of another service level: nothing is run. The frontier and the choice of
splits come from the explore questions; the recommendation from the confirm questions, which no decision has seen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tradespace.evals.statistics import Estimate
from tradespace.explorer.collector import no_collection
from tradespace.explorer.conclusions.figures import (
    Floats,
    advantage,
    estimates,
    figure,
    figures,
    measured_seconds,
    question_values,
    replicates,
    stage_seconds,
)
from tradespace.explorer.conclusions.frontier import front_layers, membership, non_dominated
from tradespace.explorer.conclusions.split import SplitAnswer, answer_split
from tradespace.explorer.results import Evaluation, Results, Split
from tradespace.search_space.goals import Objective, ServiceLevel
from tradespace.types import LATENCIES, USD_PER_1K

RIVALS = 500


@dataclass(frozen=True, slots=True)
class Point:
    """One explored pipeline: its figures by measure (None where missing or infinite), on the explore questions.

    `membership` is the share of bootstrap resamples of the questions in which it is on the frontier, known for the best
    few hundred; `estimates` holds intervals, for frontier pipelines only. `missing` counts questions without a score in
    the first objective.
    """

    evaluation: Evaluation
    figures: Mapping[str, float | None]
    on_frontier: bool = False
    membership: float | None = None
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    failures: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Finalist:
    """A pipeline that was judged, with intervals.

    Attributes:
        evaluation: on the questions that it was judged by.
        estimates: by measure, with 95 % bootstrap intervals over the questions; latencies are those of real end-to-end
            runs where there were any.
        predicted: latency figures composed from stages that were timed alone, by measure, in seconds.
        measured: the same figures from real end-to-end runs on the same questions; empty where there were none.
        keeps_sla: whether its latency figure keeps the bound; True where there is no service level.
        behind: what it lacks in the first objective against the best, paired over questions; None for the best itself.
        tied: whether it can't be told apart from the best: that interval includes 0.
    """

    evaluation: Evaluation
    estimates: Mapping[str, Estimate]
    predicted: Mapping[str, float]
    measured: Mapping[str, float]
    keeps_sla: bool
    behind: Estimate | None = None
    tied: bool = False


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is known, and what follows.

    Attributes:
        primary: the first objective that is maximised, or else the first.
        latency: the latency measure of the service level, or else of the first latency objective.
        basis: the questions that the recommendation rests on. EXPLORE only where no confirmed pipeline keeps the
            service level: its figures then come from the questions that chose it, and flatter it.
        points: all explored pipelines, in the order of the results.
        finalists: the judged pipelines, best first by the first objective.
        best: the most accurate finalist that keeps the service level.
        recommended: of `best` and those tied with it the cheapest, then the fastest.
        nearest: where nothing keeps the service level, the finalist that misses it by least.
        unconfirmed: an explored pipeline that keeps the service level and did better than `best` on the explore
            questions, but was never confirmed: it happens when another service level is asked about.
        split: how the bound is best divided; None without a service level.
    """

    primary: Objective
    latency: str
    sla: ServiceLevel | None
    basis: Split
    points: tuple[Point, ...]
    finalists: tuple[Finalist, ...] = ()
    best: Finalist | None = None
    recommended: Finalist | None = None
    nearest: Finalist | None = None
    unconfirmed: Evaluation | None = None
    split: SplitAnswer | None = None

    @property
    def frontier(self) -> tuple[Point, ...]:
        """The points on the frontier, fastest first where latency is known."""
        members = [point for point in self.points if point.on_frontier]
        return tuple(sorted(members, key=lambda point: point.figures.get(self.latency) or math.inf))


@no_collection()
def conclude(results: Results, sla: ServiceLevel | None = None) -> Conclusion:
    """Draw the conclusion from a study's results, under its own service level or another."""
    sla = sla or results.sla
    primary = primary_objective(results.objectives)
    latency = latency_measure(results.objectives, sla)
    measures = _measures(results.objectives, latency)
    points = explored_points(results.explored, measures, results.objectives)
    basis, judged = _judged(points, results.confirmed, primary, latency, sla)
    finalists = _finalists(judged, measures, primary, sla)
    best = next(
        (finalist for finalist in finalists if finalist.keeps_sla and primary.measure in finalist.estimates), None
    )
    return Conclusion(
        primary=primary,
        latency=latency,
        sla=sla,
        basis=basis,
        points=points,
        finalists=finalists,
        best=best,
        recommended=_cheapest(finalists, best, latency),
        nearest=None if best else _nearest(finalists, latency),
        unconfirmed=_unconfirmed(points, results.confirmed, best, primary, sla),
        split=answer_split(results.explored, results.confirmed, primary, sla) if sla and results.explored else None,
    )


def primary_objective(objectives: Sequence[Objective]) -> Objective:
    """Return the first objective that is maximised, or else the first."""
    return next((objective for objective in objectives if objective.maximize), objectives[0])


def explored_points(
    evaluations: Sequence[Evaluation], measures: Sequence[str], objectives: Sequence[Objective]
) -> tuple[Point, ...]:
    """Summarise explored pipelines by `measures`, which start with those of the `objectives`, and find the frontier."""
    if not evaluations:
        return ()
    table = figures(evaluations, measures)
    maximize = [objective.maximize for objective in objectives]
    on_frontier = non_dominated(table[:, : len(objectives)], maximize)
    shares = _frontier_membership(evaluations, table[:, : len(objectives)], objectives)
    rows = np.flatnonzero(on_frontier).tolist()
    intervals = dict(zip(rows, estimates([evaluations[row] for row in rows], measures), strict=True))
    missing = np.isnan(question_values(evaluations, primary_objective(objectives).measure)).sum(axis=1).tolist()
    return tuple(
        Point(
            evaluation,
            {name: value if math.isfinite(value) else None for name, value in zip(measures, values, strict=True)},
            on_frontier=row in intervals,
            membership=shares.get(row),
            estimates=intervals.get(row, {}),
            failures=len(evaluation.failures),
            missing=gaps,
        )
        for row, (evaluation, values, gaps) in enumerate(zip(evaluations, table.tolist(), missing, strict=True))
    )


def _frontier_membership(
    evaluations: Sequence[Evaluation], table: Floats, objectives: Sequence[Objective]
) -> dict[int, float]:
    """Return membership by position, for the best `RIVALS` pipelines: others hardly ever push one off the frontier."""
    maximize = [objective.maximize for objective in objectives]
    rows = front_layers(table, maximize, RIVALS).tolist()
    if not rows:
        return {}
    rivals = [evaluations[row] for row in rows]
    shares = membership(replicates(rivals, [objective.measure for objective in objectives]), maximize)
    return dict(zip(rows, shares.tolist(), strict=True))


def latency_measure(objectives: Sequence[Objective], sla: ServiceLevel | None) -> str:
    """Return the latency measure of the service level, or else of the first latency objective, or else the p95."""
    named = (objective.measure for objective in objectives if objective.measure in LATENCIES)
    return sla.measure if sla else next(named, "latency_p95")


def _measures(objectives: Sequence[Objective], latency: str) -> tuple[str, ...]:
    """All measures worth a column: the objectives', then the latency that is judged, then the cost."""
    return tuple(dict.fromkeys([*(objective.measure for objective in objectives), latency, USD_PER_1K]))


def _judged(
    points: Sequence[Point],
    confirmed: Sequence[Evaluation],
    primary: Objective,
    latency: str,
    sla: ServiceLevel | None,
) -> tuple[Split, Sequence[Evaluation]]:
    """Return the pipelines to judge: those confirmed, unless only unconfirmed ones may keep the service level."""
    if any(_keeps(confirmed, sla)) or (confirmed and sla is None):
        return Split.CONFIRM, confirmed
    refuted = {evaluation.pipeline for evaluation in confirmed}
    fresh = [point for point in points if point.evaluation.pipeline not in refuted]
    if open_ones := [point for point in fresh if _kept(point, sla)]:
        return Split.EXPLORE, [*_front(open_ones, primary, latency), *confirmed]
    return (Split.CONFIRM, confirmed) if confirmed else (Split.EXPLORE, _front(fresh, primary, latency))


def _kept(point: Point, sla: ServiceLevel | None) -> bool:
    """Say whether a pipeline keeps the service level on the explore questions."""
    if sla is None:
        return True
    seconds = point.figures[sla.measure]
    return seconds is not None and seconds <= sla.seconds


def _keeps(evaluations: Sequence[Evaluation], sla: ServiceLevel | None) -> list[bool]:
    if sla is None:
        return [True] * len(evaluations)
    seconds = figures(evaluations, [sla.measure])[:, 0]
    return [bool(value <= sla.seconds) for value in seconds]


def _front(points: Sequence[Point], primary: Objective, latency: str) -> list[Evaluation]:
    flags = non_dominated(_table(points, primary.measure, latency), [primary.maximize, False])
    return [point.evaluation for point, flag in zip(points, flags, strict=True) if flag]


def _table(points: Sequence[Point], *measures: str) -> Floats:
    """Figures of shape (points, measures); NaN where missing or infinite."""
    return np.array([[point.figures[name] for name in measures] for point in points], dtype=np.float64)


def _finalists(
    judged: Sequence[Evaluation], measures: Sequence[str], primary: Objective, sla: ServiceLevel | None
) -> tuple[Finalist, ...]:
    """Judge pipelines against the best that keeps the service level, or where none does, against none."""
    gains = figures(judged, [primary.measure])[:, 0] * (1 if primary.maximize else -1)
    order = sorted(range(len(judged)), key=lambda row: -gains[row] if math.isfinite(gains[row]) else math.inf)
    keeps = _keeps(judged, sla)
    best = next((judged[row] for row in order if keeps[row] and math.isfinite(gains[row])), None)
    found = estimates(judged, measures)
    return tuple(_finalist(judged[row], found[row], best, primary, keeps_sla=keeps[row]) for row in order)


def _finalist(
    evaluation: Evaluation,
    found: Mapping[str, Estimate],
    best: Evaluation | None,
    primary: Objective,
    *,
    keeps_sla: bool,
) -> Finalist:
    comparable = best is not None and best is not evaluation and best.split is evaluation.split
    behind = advantage(best, evaluation, primary) if best and comparable else None
    predicted = {name: float(figure(stage_seconds([evaluation]), name)[0]) for name in LATENCIES}
    measured = {name: float(figure(measured_seconds([evaluation]), name)[0]) for name in LATENCIES}
    return Finalist(
        evaluation,
        found,
        predicted if evaluation.seconds else {},
        measured if evaluation.end_to_end else {},
        keeps_sla,
        behind,
        tied=behind is not None and (behind.low or 0) <= 0 <= (behind.high or 0),
    )


def _cheapest(finalists: Sequence[Finalist], best: Finalist | None, latency: str) -> Finalist | None:
    """Return the cheapest, then the fastest, of the best and those that keep the service level and are tied with it."""

    def cost(finalist: Finalist) -> tuple[float, float]:
        return (_value(finalist, USD_PER_1K), _value(finalist, latency))

    return min((f for f in finalists if f is best or (f.keeps_sla and f.tied)), key=cost, default=None)


def _nearest(finalists: Sequence[Finalist], latency: str) -> Finalist | None:
    timed = [finalist for finalist in finalists if math.isfinite(_value(finalist, latency))]
    return min(timed, key=lambda finalist: _value(finalist, latency), default=None)


def _unconfirmed(
    points: Sequence[Point],
    confirmed: Sequence[Evaluation],
    best: Finalist | None,
    primary: Objective,
    sla: ServiceLevel | None,
) -> Evaluation | None:
    """Return the best explored pipeline that was not confirmed, if it is better than `best` beyond doubt."""
    judged = {evaluation.pipeline for evaluation in confirmed}
    rivals = [point for point in points if _kept(point, sla) and point.evaluation.pipeline not in judged]
    own = [point.evaluation for point in points if best and point.evaluation.pipeline == best.evaluation.pipeline]
    if not rivals or not own or own[0].pipeline not in judged:
        return None
    gains = _table(rivals, primary.measure)[:, 0] * (1 if primary.maximize else -1)
    rival = rivals[int(np.argmax(np.nan_to_num(gains, nan=-math.inf)))].evaluation
    return rival if (advantage(rival, own[0], primary).low or 0.0) > 0 else None


def _value(finalist: Finalist, measure: str) -> float:
    """A figure to be kept small; infinite where it is missing."""
    found = finalist.estimates.get(measure)
    return math.inf if found is None or found.value is None else found.value
