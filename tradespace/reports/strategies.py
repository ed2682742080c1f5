"""What more samples buy, and what thresholds do, in sentences: beside the figure that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tradespace.evals.figures import USD_PER_1K, Kind, figure_of
from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.judging import includes_zero
from tradespace.explorer.conclusions.strategies import (
    CurvePoint,
    RoutingEffect,
    StrategyCurve,
    routing_effects,
    strategy_curves,
)
from tradespace.explorer.conclusions.strategy_settings import Curve
from tradespace.plurals import count
from tradespace.reports.words import duration, interval, listed, measure_name, quantity

MOST_CURVES = 8
"""Curves in one figure."""
BY_CALLS = "k"
"""What all curves run along that are about how often a model is called, whatever a strategy calls it."""


@dataclass(frozen=True, slots=True)
class StrategiesInfo:
    """Curves that run along one kind of setting, on the explore questions.

    Attributes:
        name: of the figure.
        dial: what they run along, such as `k`.
        accuracy: the first objective.
        measures: what is shown of each place, the first objective first.
        curves: those that are shown; `left_out` counts others.
        effects: what thresholds of strategies do.
    """

    name: str
    dial: str
    accuracy: str
    measures: tuple[str, ...]
    curves: tuple[StrategyCurve, ...]
    effects: tuple[RoutingEffect, ...] = ()
    left_out: int = 0


def strategies_infos(conclusion: Conclusion) -> tuple[StrategiesInfo, ...]:
    """One of how often models are called, and one for each kind of threshold; those that have a curve to show."""
    goals, chosen = conclusion.goals, conclusion.recommended
    measures = _measures(conclusion)
    curves = strategy_curves(conclusion.points, goals, measures, chosen.evaluation.pipeline if chosen else None)
    effects = routing_effects(curves, conclusion.points, goals)
    by_dial: dict[str, list[StrategyCurve]] = {}
    for each in curves:
        by_dial.setdefault(BY_CALLS if each.curve.of_calls else each.curve.dial, []).append(each)
    infos = (
        StrategiesInfo(
            name="strategies" if dial == BY_CALLS else f"strategies-{dial}",
            dial=dial,
            accuracy=conclusion.primary.measure,
            measures=measures,
            curves=tuple(some[:MOST_CURVES]),
            effects=effects if dial == BY_CALLS else (),
            left_out=len(some[MOST_CURVES:]),
        )
        for dial, some in by_dial.items()
    )
    return tuple(info for info in infos if any(len(each.best) > 1 for each in info.curves))


def strategy_sentences(info: StrategiesInfo) -> tuple[str, ...]:
    """From where to where each curve leads, from which place on more is no better, and what thresholds do."""
    return tuple(_sentences(info))


def curve_name(curve: Curve) -> str:
    """What a curve is called: `cot_at_k, route_below 0.5`.

    >>> curve_name(Curve("cot_at_k", "k", "cascade.first", (("route_below", 0.5),)))
    'cot_at_k in cascade.first, route_below 0.5'
    """
    within = f" in {curve.within}" if curve.within else ""
    return ", ".join([f"{curve.name}{within}", *(f"{name} {value:g}" for name, value in curve.routing)])


def _measures(conclusion: Conclusion) -> tuple[str, ...]:
    """The first objective, the latency that is judged, and costs; those that any pipeline has a figure for."""
    costs = [name for name in (*conclusion.goals.measures, USD_PER_1K.name) if figure_of(name).kind is Kind.COST]
    names = dict.fromkeys([conclusion.primary.measure, conclusion.latency, *costs])
    return tuple(name for name in names if any(point.figures.get(name) is not None for point in conclusion.points))


def _sentences(info: StrategiesInfo) -> Iterator[str]:
    for curve in info.curves:
        if len(curve.best) > 1:
            yield _curve_words(curve, info)
    if single := [curve for curve in info.curves if not curve.curve.dial]:
        told = [f"{curve_name(each.curve)} has {_figures(each.best[0], info)}" for each in single]
        yield f"With one call, {listed(told)}."
    for effect in info.effects:
        yield _effect_words(effect, info.accuracy)


def _curve_words(curve: StrategyCurve, info: StrategiesInfo) -> str:
    """Where it begins, where it is best, and whether less is as good."""
    first, best, dial = curve.best[0], _best(curve, info), curve.curve.dial
    start = f"{curve_name(curve.curve)} has {_figures(first, info)} at {dial} {first.place:g}"
    if best is first:
        return f"{start}, and no more at any higher {dial}."
    end = f"{start}, and {_figures(best, info)} at {dial} {best.place:g}"
    if curve.enough == best.place:
        return f"{end}, which is better than all before, beyond noise."
    return f"{end}; {dial} {curve.enough:g} can't be told apart from that."


def _best(curve: StrategyCurve, info: StrategiesInfo) -> CurvePoint:
    """The place of the best figure; of equals the first."""
    sign = 1 if figure_of(info.accuracy).maximize else -1
    return max(curve.best, key=lambda each: sign * _value(each.estimates, info.accuracy))


def _value(estimates: Mapping[str, Estimate], measure: str) -> float:
    estimate = estimates.get(measure)
    return (estimate.value or 0.0) if estimate else 0.0


def _figures(point: CurvePoint, info: StrategiesInfo) -> str:
    """Its accuracy, and in brackets what it takes."""
    value, *taken = (quantity(point.estimates[name].value, name) for name in info.measures if name in point.estimates)
    takes = f" ({', '.join(taken)})" if taken else ""
    return f"{measure_name(info.accuracy)} {value}{takes}"


def _effect_words(effect: RoutingEffect, accuracy: str) -> str:
    (threshold, value), *_ = effect.curve.routing
    gain = f"{quantity(effect.gain.value, accuracy)} ({interval(effect.gain, accuracy)})"
    noise = ", which is no more than noise," if includes_zero(effect.gain) else ""
    return (
        f"At {effect.curve.dial} {effect.place:g}, {threshold} {value:g} changes the {measure_name(accuracy)} of "
        f"{effect.curve.name} by {gain}{noise}{_longer(effect.seconds)}."
    )


def _longer(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f" and takes {duration(abs(seconds))} {'more' if seconds >= 0 else 'less'}"


def recommended_note(infos: Sequence[StrategiesInfo]) -> str:
    """How the dashed lines are read; empty where there are none."""
    if not any(curve.like_recommended for info in infos for curve in info.curves):
        return ""
    return "Dashed lines are pipelines that are as the recommended one in all else."


def chosen_note(infos: Sequence[StrategiesInfo]) -> str:
    """What each mark is the best of."""
    most = max(each.among for info in infos for curve in info.curves for each in curve.best)
    which = "a pipeline, on the explore questions"
    if most > 1:
        which = f"the best of up to {count(most, 'pipeline')}, whatever else is set, on the explore questions that "
        which += "also chose it, which flatters it"
    return f"Each mark is {which}. Bars are 95 % intervals."
