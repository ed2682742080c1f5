"""What more samples buy: accuracy, latency and cost of strategies that call a model k times, for each k that was tried.

A strategy is a curve over the setting that says how often it calls the model: `k` chains of a vote, the `beam` of
proposals, the `rewrites` of an answer. Readers that pass some questions on, as a cascade does, are curves over the
threshold by which they do. Curves that differ in another threshold, as in `route_below` of a vote, are shown apart.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.figures import advantage, advantages, estimates, worths
from tradespace.explorer.conclusions.judging import includes_zero
from tradespace.explorer.conclusions.points import Point
from tradespace.explorer.conclusions.strategy_settings import Curve, StageReader
from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Goals


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The best pipeline of one place of a curve, by the first objective; of equals the fastest.

    Attributes:
        place: the value of the dial.
        estimates: its figures on the explore questions, with 95 % intervals.
        among: how many pipelines it is the best of.
        gain: by how much it is better than the place before, paired over questions; None at the first.
    """

    place: float
    pipeline: str
    estimates: Mapping[str, Estimate]
    among: int
    gain: Estimate | None = None


@dataclass(frozen=True, slots=True)
class StrategyCurve:
    """One curve.

    Attributes:
        best: the best of each place, whatever else is set.
        enough: the first place whose best cannot be told from the best of all.
        like_recommended: the same of pipelines that are as the recommended one but for the strategy, or the threshold;
            empty where none is, and where all of them are the best anyway.
    """

    curve: Curve
    best: tuple[CurvePoint, ...]
    enough: float
    like_recommended: tuple[CurvePoint, ...] = ()


def strategy_curves(
    points: Sequence[Point], goals: Goals, measures: Sequence[str], recommended: str | None = None
) -> tuple[StrategyCurve, ...]:
    """Find the curves among explored pipelines, those over how often a model is called before those over thresholds.

    Args:
        points: the pipelines, on the explore questions.
        goals: what is best.
        measures: what is told of each place.
        recommended: the notation of the pipeline that curves are shown around, too.
    """
    reader = StageReader()
    members: defaultdict[Curve, list[tuple[float, Point, tuple[str, ...]]]] = defaultdict(list)
    around_recommended: set[tuple[str, ...]] = set()
    for point in points:
        if point.figures[goals.primary.measure] is None:
            continue
        for stage, standing in reader.standings(point.evaluation):
            around = _around(point.evaluation, stage, standing.around)
            members[standing.curve].append((standing.place, point, around))
            if point.evaluation.pipeline == recommended:
                around_recommended.add(around)
    curves = [_curve(curve, placed, goals, measures, around_recommended) for curve, placed in members.items()]
    return tuple(sorted(filter(_tells, curves), key=_order))


def _around(evaluation: Evaluation, stage: str, within: str) -> tuple[str, ...]:
    """All of a pipeline but what stands on the curve."""
    return tuple(within if name == stage else notation for name, notation in evaluation.stages.items())


def _curve(
    curve: Curve,
    placed: Sequence[tuple[float, Point, tuple[str, ...]]],
    goals: Goals,
    measures: Sequence[str],
    around_recommended: set[tuple[str, ...]],
) -> StrategyCurve:
    best = tuple(_bests([(place, point) for place, point, _ in placed], goals, measures))
    alike = [(place, point) for place, point, around in placed if around in around_recommended]
    around = tuple(_bests(alike, goals, measures))
    same = [each.pipeline for each in around] == [each.pipeline for each in best]
    evaluations = {point.evaluation.pipeline: point.evaluation for _, point, _ in placed}
    enough = _enough([(each.place, evaluations[each.pipeline]) for each in best], goals)
    return StrategyCurve(curve, best, enough, () if same else around)


def _bests(placed: Iterable[tuple[float, Point]], goals: Goals, measures: Sequence[str]) -> Iterator[CurvePoint]:
    by_place: defaultdict[float, list[Point]] = defaultdict(list)
    for place, point in placed:
        by_place[place].append(point)
    before: Evaluation | None = None
    for place in sorted(by_place):
        best = min(by_place[place], key=lambda point: _rank(point, goals))
        own = best.evaluation
        gain = advantage(own, before, goals.primary) if before is not None and before is not own else None
        (known,) = estimates([own], measures)
        yield CurvePoint(place, own.pipeline, known, len(by_place[place]), gain)
        before = own


def _enough(placed: Sequence[tuple[float, Evaluation]], goals: Goals) -> float:
    """The first place that cannot be told apart from the best: differences from that hold for all places at once."""
    evaluations = [evaluation for _, evaluation in placed]
    top = evaluations[int(np.argmax(worths(evaluations, replace(goals, utility=None))))]
    behind = iter(advantages(top, [each for each in evaluations if each is not top], goals.primary))
    return next(place for place, each in placed if each is top or includes_zero(next(behind)))


def _rank(point: Point, goals: Goals) -> tuple[float, float]:
    value, latency = point.figures[goals.primary.measure] or 0.0, point.figures.get(goals.latency)
    return -value if goals.primary.maximize else value, math.inf if latency is None else latency


def _tells(curve: StrategyCurve) -> bool:
    """Whether it is a curve, or a strategy in a reader of its own that others are compared with."""
    return len(curve.best) > 1 or (curve.curve.of_calls and not curve.curve.within)


def _order(curve: StrategyCurve) -> tuple[bool, bool, str, str, tuple[tuple[str, float], ...]]:
    own = curve.curve
    return not own.of_calls, own.dial == "", own.within, own.name, own.routing


@dataclass(frozen=True, slots=True)
class RoutingEffect:
    """What the threshold of a strategy does, at the furthest place that was tried with it and without.

    Attributes:
        curve: the strategy with the threshold.
        place: how often the model is called: the same of both.
        gain: by how much its best is better than the best without, paired over questions.
        seconds: by how much the latency is longer; None where that is not known.
    """

    curve: Curve
    place: float
    gain: Estimate
    seconds: float | None


def routing_effects(
    curves: Sequence[StrategyCurve], points: Sequence[Point], goals: Goals
) -> tuple[RoutingEffect, ...]:
    """What the thresholds of strategies do, for each curve that has one beside the same strategy without."""
    known = {point.evaluation.pipeline: point for point in points}
    plain = {each.curve: each for each in curves if not each.curve.routing}
    effects = (
        _effect(each, plain.get(replace(each.curve, routing=())), known, goals) for each in curves if each.curve.routing
    )
    return tuple(effect for effect in effects if effect)


def _effect(
    routed: StrategyCurve, plain: StrategyCurve | None, known: Mapping[str, Point], goals: Goals
) -> RoutingEffect | None:
    with_it = {each.place: each.pipeline for each in routed.best}
    without = {each.place: each.pipeline for each in plain.best} if plain else {}
    place = max(with_it.keys() & without.keys(), default=None)
    if place is None:
        return None
    one, other = known[with_it[place]], known[without[place]]
    here, there = one.figures.get(goals.latency), other.figures.get(goals.latency)
    longer = None if here is None or there is None else here - there
    return RoutingEffect(routed.curve, place, advantage(one.evaluation, other.evaluation, goals.primary), longer)
