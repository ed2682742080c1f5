"""What each part of the report shows, as plain values: pure summaries of a conclusion, one beside each figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.conclusions.points import Point
from tradespace.explorer.conclusions.split import SplitAnswer, SplitPoint, group_figures
from tradespace.explorer.dominance import non_dominated
from tradespace.explorer.results import QuestionSet, Results
from tradespace.reports.words import group_names
from tradespace.search_space.goals import ServiceLevel

DOTS = 2000

T = TypeVar("T")
Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Dot:
    """One pipeline in a plane; `x_range` and `y_range` are 95 % intervals where they are known."""

    pipeline: str
    x: float
    y: float
    x_range: Bounds | None = None
    y_range: Bounds | None = None
    membership: float | None = None


@dataclass(frozen=True, slots=True)
class FrontierInfo:
    """Accuracy against what it costs: a latency in seconds, or dollars.

    `bound` is that of the service level, where that is about this cost. `dominated` and `frontier` are figures on
    explore questions, `confirmed` on confirm questions; `recommended` is on those that it was judged by. `steps` are
    the corners of the best accuracy for each cost, on explore questions. `left_out` counts dominated pipelines beyond
    those drawn; `unplaced` those without both figures. `observed` is the cost of a system that runs already, with its
    accuracy where that is known.
    """

    accuracy: str
    cost: str
    bound: float | None
    dominated: tuple[Dot, ...]
    frontier: tuple[Dot, ...]
    confirmed: tuple[Dot, ...]
    recommended: Dot | None
    steps: tuple[tuple[float, float], ...]
    left_out: int
    unplaced: int
    observed: tuple[float, float | None] | None = None


@dataclass(frozen=True, slots=True)
class SplitInfo:
    """Accuracy against the share of the service level's bound that one group of stages takes.

    `place` is the group's in the split, `group` its name. `kept` and `missed` are pipelines at the share that they
    actually take, by whether they keep the whole bound. `best` holds for each share the best pipeline when the group is
    given that share, and the others what suits best of the rest, on the questions of `basis`.
    """

    accuracy: str
    sla: ServiceLevel
    place: int
    group: str
    kept: tuple[Dot, ...]
    missed: tuple[Dot, ...]
    best: tuple[SplitPoint, ...]
    basis: QuestionSet


def frontier_infos(conclusion: Conclusion) -> tuple[FrontierInfo, ...]:
    """One plane for the judged latency and for each other objective that is kept small; those that are empty are left
    out, as without recorded seconds."""
    small = (objective.measure for objective in conclusion.goals.objectives if not objective.maximize)
    costs = dict.fromkeys([conclusion.latency, *small])
    infos = (frontier_info(conclusion, cost) for cost in costs if cost != conclusion.primary.measure)
    return tuple(info for info in infos if info.frontier or info.dominated)


def frontier_info(conclusion: Conclusion, cost: str) -> FrontierInfo:
    """Place all pipelines in the plane of the first objective and a measure of what it costs."""
    accuracy = conclusion.primary.measure
    placed = [point for point in conclusion.points if _placed(point, cost, accuracy)]
    rest = [point for point in placed if not point.on_frontier]
    finalists = [finalist for finalist in conclusion.finalists if {cost, accuracy} <= finalist.estimates.keys()]
    return FrontierInfo(
        accuracy=accuracy,
        cost=cost,
        bound=conclusion.sla.seconds if conclusion.sla and cost == conclusion.sla.measure else None,
        dominated=tuple(_point_dot(point, cost, accuracy) for point in thinned(rest, DOTS)),
        frontier=tuple(
            _point_dot(point, cost, accuracy) for point in conclusion.frontier if _placed(point, cost, accuracy)
        ),
        confirmed=tuple(
            _finalist_dot(finalist, cost, accuracy)
            for finalist in finalists
            if finalist.evaluation.question_set is QuestionSet.CONFIRM
        ),
        recommended=next((_finalist_dot(f, cost, accuracy) for f in finalists if f is conclusion.recommended), None),
        steps=_steps([(p.figures[cost] or 0.0, p.figures[accuracy] or 0.0) for p in placed], conclusion),
        left_out=max(0, len(rest) - DOTS),
        unplaced=len(conclusion.points) - len(placed),
        observed=_observed(conclusion, cost, accuracy),
    )


def _observed(conclusion: Conclusion, cost: str, accuracy: str) -> tuple[float, float | None] | None:
    """Where the system stands that runs already: with the accuracy that its pipeline was found to have, or else with
    that which it was seen to have."""
    known = conclusion.observed
    if known is None or (took := known.system.figures.get(cost)) is None:
        return None
    scored = known.system.figures.get(accuracy)
    own = known.own.figures.get(accuracy) if known.own else None
    return took.value, own if own is not None else scored.value if scored else None


def split_infos(conclusion: Conclusion) -> tuple[SplitInfo, ...]:
    """Place pipelines by the share of the bound that a group takes: the first of two groups, or each of several; none
    where nothing is to be divided, or no pipeline has a place."""
    sla, answer, accuracy = conclusion.sla, conclusion.split, conclusion.primary.measure
    if sla is None or answer is None or len(sla.split) < 2:
        return ()
    points = [point for point in conclusion.points if _placed(point, conclusion.latency, accuracy)]
    if not points:
        return ()
    shares = group_figures(Cohort(tuple(point.evaluation for point in points)), sla) / sla.seconds
    kept = {id(point) for point in points if (point.figures[sla.measure] or math.inf) <= sla.seconds}

    def info(place: int) -> SplitInfo:
        dots = [
            (id(point) in kept, Dot(point.evaluation.pipeline, share, point.figures[accuracy] or 0.0))
            for point, share in thinned(list(zip(points, shares[:, place].tolist(), strict=True)), DOTS)
        ]
        return SplitInfo(
            accuracy=accuracy,
            sla=sla,
            place=place,
            group=group_names(sla)[place],
            kept=tuple(dot for keeps, dot in dots if keeps),
            missed=tuple(dot for keeps, dot in dots if not keeps),
            best=_best_by_share(answer, place),
            basis=answer.basis,
        )

    return tuple(map(info, range(1 if len(sla.split) == 2 else len(sla.split))))


def _best_by_share(answer: SplitAnswer, place: int) -> tuple[SplitPoint, ...]:
    """For each share of a group, the point of that share that lacks least."""
    by_share: dict[float, list[SplitPoint]] = {}
    for point in answer.points:
        by_share.setdefault(point.shares[place], []).append(point)
    return tuple(min(by_share[share], key=_lack) for share in sorted(by_share))


def _lack(point: SplitPoint) -> float:
    if point.pipeline is None:
        return math.inf
    return (point.behind.value or 0.0) if point.behind else 0.0


def pipeline_numbers(results: Results) -> dict[str, int]:
    """Number the pipelines in the order in which they were explored, from 1."""
    names = dict.fromkeys(evaluation.pipeline for evaluation in (*results.explored, *results.confirmed))
    return {name: position for position, name in enumerate(names, start=1)}


def _steps(places: Sequence[tuple[float, float]], conclusion: Conclusion) -> tuple[tuple[float, float], ...]:
    flags = non_dominated(places, [False, conclusion.primary.maximize]) if places else ()
    return tuple(sorted(place for place, flag in zip(places, flags, strict=True) if flag))


def _placed(point: Point, *measures: str) -> bool:
    return all(point.figures.get(measure) is not None for measure in measures)


def thinned(items: Sequence[T], limit: int) -> list[T]:
    """Keep at most `limit` items, evenly spread."""
    rows = np.linspace(0, len(items) - 1, min(limit, len(items)))
    return [items[round(row)] for row in rows.tolist()]


def _range(estimate: Estimate | None) -> Bounds | None:
    return (
        (estimate.low, estimate.high) if estimate and estimate.low is not None and estimate.high is not None else None
    )


def _point_dot(point: Point, cost: str, accuracy: str) -> Dot:
    return Dot(
        point.evaluation.pipeline,
        point.figures[cost] or 0.0,
        point.figures[accuracy] or 0.0,
        _range(point.estimates.get(cost)),
        _range(point.estimates.get(accuracy)),
        point.membership,
    )


def _finalist_dot(finalist: Finalist, cost: str, accuracy: str) -> Dot:
    x, y = finalist.estimates[cost], finalist.estimates[accuracy]
    return Dot(finalist.evaluation.pipeline, x.value or 0.0, y.value or 0.0, _range(x), _range(y))
