"""Questions that tell pipelines apart: those on which the recommended one and another score differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.results import Evaluation, Results

MOST_OTHERS = 3
"""Pipelines that the recommended one is compared with, question by question."""
SMALLEST_DIFFERENCE = 1e-9


@dataclass(frozen=True, slots=True)
class DifferingPair:
    """Two pipelines on the same questions.

    Attributes:
        first, second: the two, with the scores that questions have by themselves: not corrected by what people said.
        measure: what is compared.
        places: positions of the questions on which they differ, those first on which they differ most.
        first_ahead, second_ahead: on how many of these each is better.
        compared: how many questions both have a score for.
    """

    first: Evaluation
    second: Evaluation
    measure: str
    places: tuple[int, ...]
    first_ahead: int
    second_ahead: int
    compared: int


def differing_pairs(results: Results, conclusion: Conclusion) -> tuple[DifferingPair, ...]:
    """Compare the pipeline that a conclusion speaks of with the most accurate, the tied, and other finalists, on the
    questions that they were judged by; nothing where no question is scored."""
    scores = conclusion.goals.scores
    if not scores:
        return ()
    measure = conclusion.primary.measure if conclusion.primary.is_score else scores[0]
    maximize = next((each.maximize for each in conclusion.goals.objectives if each.measure == measure), True)
    compared = [_as_scored(each, results) for each in _compared(conclusion)]
    pairs = (_pair(compared[0], other, measure, maximize) for other in compared[1:])
    return tuple(pair for pair in pairs if pair.places)[:MOST_OTHERS]


def _compared(conclusion: Conclusion) -> list[Evaluation]:
    """The pipeline that is spoken of, then others that were asked the same questions, those first that matter most."""
    own = conclusion.recommended or conclusion.best or conclusion.useless or conclusion.nearest
    if own is None:
        return []
    asked = own.evaluation.question_set
    ranked = [own, *([conclusion.best] if conclusion.best else []), *conclusion.tied, *conclusion.finalists]
    same = {each.evaluation.pipeline: each.evaluation for each in ranked if each.evaluation.question_set is asked}
    return list(same.values())


def _as_scored(evaluation: Evaluation, results: Results) -> Evaluation:
    """An evaluation as its questions were scored, where its scores were corrected since."""
    scored = results.on_same_questions(evaluation)
    return next((each for each in scored if each.pipeline == evaluation.pipeline), evaluation)


def _pair(first: Evaluation, second: Evaluation, measure: str, maximize: bool) -> DifferingPair:
    gains = _gains(first, second, measure) * (1 if maximize else -1)
    differ = np.flatnonzero(np.abs(gains) > SMALLEST_DIFFERENCE)
    places = sorted(differ.tolist(), key=lambda place: (-abs(gains[place]), place))
    ahead, behind = (int((sign * gains[differ] > 0).sum()) for sign in (1, -1))
    return DifferingPair(first, second, measure, tuple(places), ahead, behind, int(np.isfinite(gains).sum()))


def _gains(first: Evaluation, second: Evaluation, measure: str) -> Floats:
    """By how much the first scores more on each question; NaN where one of them has no score."""
    one, other = Cohort((first, second)).scores(measure)
    gains: Floats = one - other
    return gains


def seconds_of(evaluation: Evaluation) -> Sequence[float]:
    """What each question takes, infinite where it failed; nothing where that is not known."""
    values: list[float] = Cohort((evaluation,)).measured_seconds()[0].tolist()
    return values
