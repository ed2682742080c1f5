"""What it would take to be faster, cheaper or better than the recommended pipeline: the nearest of the frontier."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.figures import leads
from tradespace.explorer.conclusions.points import Point

LEAST_SPARED = 0.1
"""The share of the latency, or of the cost, that another pipeline must save to be worth a word."""
CHOICES_COMPARED = 60
"""Pipelines that are compared at once: the more these are, the wider are intervals that hold together."""


@dataclass(frozen=True, slots=True)
class OtherChoice:
    """Another pipeline of the frontier, beside the recommended one.

    Attributes:
        point: the other, on the explore questions.
        own: the recommended pipeline on these.
        ahead: by how much the other is worth more, paired over questions, with an interval that holds for all that it
            was chosen from: in utility, or without one in the first objective.
    """

    point: Point
    own: Point
    ahead: Estimate


def saving_choice(conclusion: Conclusion, measure: str) -> OtherChoice | None:
    """The one that loses least of those that save a tenth of a latency, or of a cost; of equals the one that saves
    most. None where none saves so much."""
    saving = [
        choice
        for choice in _choices(conclusion)
        if _figure(choice.point, measure) <= (1 - LEAST_SPARED) * _figure(choice.own, measure) < math.inf
    ]
    return max(saving, key=lambda choice: (choice.ahead.value or 0.0, -_figure(choice.point, measure)), default=None)


def better_choice(conclusion: Conclusion, measure: str) -> OtherChoice | None:
    """Of those that are better beyond noise the one that takes least, of a latency or a cost; None where none is."""
    better = [choice for choice in _choices(conclusion) if (choice.ahead.low or 0.0) > 0]
    return min(better, key=lambda choice: (_figure(choice.point, measure), -(choice.ahead.value or 0.0)), default=None)


def _choices(conclusion: Conclusion) -> list[OtherChoice]:
    """The other pipelines of the frontier that keep the limits beside the service level."""
    name = conclusion.recommended.evaluation.pipeline if conclusion.recommended else None
    own = next((point for point in conclusion.points if point.evaluation.pipeline == name), None)
    if own is None:
        return []
    rivals = _spread([point for point in conclusion.frontier if point is not own and _able(point, conclusion)])
    leading = leads(own.evaluation, [point.evaluation for point in rivals], conclusion.goals)
    return [OtherChoice(point, own, turned(lead)) for point, lead in zip(rivals, leading, strict=True)]


def _able(point: Point, conclusion: Conclusion) -> bool:
    kept = all(limit.kept_by(point.figures[limit.measure]) for limit in conclusion.goals.beside_sla)
    return kept and point.figures[conclusion.primary.measure] is not None


def _spread(points: Sequence[Point]) -> Sequence[Point]:
    """As many as are compared: evenly spread over the frontier, which is in the order of latencies."""
    if len(points) <= CHOICES_COMPARED:
        return points
    return [points[place * (len(points) - 1) // (CHOICES_COMPARED - 1)] for place in range(CHOICES_COMPARED)]


def turned(lead: Estimate) -> Estimate:
    """The same difference, seen from the other side."""
    value, low, high = (None if end is None else -end for end in (lead.value, lead.high, lead.low))
    return Estimate(value, low, high, lead.n, lead.missing)


def _figure(point: Point, measure: str) -> float:
    """A figure to be kept small; infinite where it is missing."""
    value = point.figures.get(measure)
    return math.inf if value is None else value
