"""What it would take to be faster, cheaper or better than the recommended pipeline: the nearest others.

They are compared on the questions that it was confirmed on, if they were confirmed too; others of the frontier on the
explore questions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.figures import leads
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.conclusions.points import Point
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.goals import Goals

LEAST_SPARED = 0.1
"""The share of the latency, or of the cost, that another pipeline must save to be worth a word."""
CHOICES_COMPARED = 60
"""Pipelines that are compared at once: the more these are, the wider are intervals that hold together."""

PointFigures = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class OtherChoice:
    """Another pipeline beside the recommended one, on the same questions.

    Attributes:
        evaluation: of the other.
        figures: its figures.
        own: those of the recommended one.
        ahead: by how much the other is worth more, paired over questions, with an interval that holds for all that were
            compared on them: in utility, or without one in the first objective.
    """

    evaluation: Evaluation
    figures: PointFigures
    own: PointFigures
    ahead: Estimate


def saving_choice(conclusion: Conclusion, measure: str) -> OtherChoice | None:
    """The one that loses least of those that save a tenth of a latency, or of a cost; of equals the one that saves
    most. None where none saves so much."""
    saving = [
        choice
        for choice in _choices(conclusion)
        if _figure(choice.figures, measure) <= (1 - LEAST_SPARED) * _figure(choice.own, measure) < math.inf
    ]
    return max(saving, key=lambda choice: (choice.ahead.value or 0.0, -_figure(choice.figures, measure)), default=None)


def better_choice(conclusion: Conclusion, measure: str) -> OtherChoice | None:
    """Of those that are better beyond noise the one that takes least, of a latency or a cost; None where none is."""
    better = [choice for choice in _choices(conclusion) if (choice.ahead.low or 0.0) > 0]
    return min(
        better, key=lambda choice: (_figure(choice.figures, measure), -(choice.ahead.value or 0.0)), default=None
    )


def turned(lead: Estimate) -> Estimate:
    """The same difference, seen from the other side."""
    value, low, high = (None if end is None else -end for end in (lead.value, lead.high, lead.low))
    return Estimate(value, low, high, lead.n, lead.missing)


def _choices(conclusion: Conclusion) -> list[OtherChoice]:
    """The other finalists, and the rest of the frontier; those that keep the limits beside the service level."""
    chosen = conclusion.recommended
    if chosen is None:
        return []
    rivals = _finalists_beside(chosen, conclusion)
    named = {chosen.evaluation.pipeline, *(each.evaluation.pipeline for each in rivals)}
    rest = [point for point in conclusion.frontier if point.evaluation.pipeline not in named]
    own = next((each for each in conclusion.points if each.evaluation.pipeline == chosen.evaluation.pipeline), None)
    finals = [(each.evaluation, _figures_of(each)) for each in rivals]
    points = [(point.evaluation, point.figures) for point in _spread(rest)]
    return [
        *_compared(chosen.evaluation, _figures_of(chosen), finals, conclusion.goals),
        *(_compared(own.evaluation, own.figures, points, conclusion.goals) if own else ()),
    ]


def _finalists_beside(chosen: Finalist, conclusion: Conclusion) -> list[Finalist]:
    """The others that were confirmed on the questions that the recommended pipeline was confirmed on."""
    if chosen.evaluation.question_set is not QuestionSet.CONFIRM:
        return []
    confirmed = [each for each in conclusion.finalists if each.evaluation.question_set is QuestionSet.CONFIRM]
    return [each for each in confirmed if each is not chosen]


def _compared(
    own: Evaluation, own_figures: PointFigures, others: Sequence[tuple[Evaluation, PointFigures]], goals: Goals
) -> Iterator[OtherChoice]:
    able = [(evaluation, figures) for evaluation, figures in others if _able(figures, goals)]
    leading = leads(own, [evaluation for evaluation, _ in able], goals)
    for (evaluation, figures), lead in zip(able, leading, strict=True):
        yield OtherChoice(evaluation, figures, own_figures, turned(lead))


def _able(figures: PointFigures, goals: Goals) -> bool:
    kept = all(limit.kept_by(figures.get(limit.measure)) for limit in goals.beside_sla)
    return kept and figures.get(goals.primary.measure) is not None


def _figures_of(finalist: Finalist) -> PointFigures:
    return {name: estimate.value for name, estimate in finalist.estimates.items()}


def _spread(points: Sequence[Point]) -> Sequence[Point]:
    """As many as are compared: evenly spread over the frontier, which is in the order of latencies."""
    if len(points) <= CHOICES_COMPARED:
        return points
    return [points[place * (len(points) - 1) // (CHOICES_COMPARED - 1)] for place in range(CHOICES_COMPARED)]


def _figure(figures: PointFigures, measure: str) -> float:
    """A figure to be kept small; infinite where it is missing."""
    value = figures.get(measure)
    return math.inf if value is None else value
