"""What it takes to be surer: questions that tell the recommended pipeline from its ties or narrow an interval, and what
the pipelines would take that were not tried.

The error of a mean, and of a paired difference, falls with the root of the number of questions. What a question takes
is what it took: seconds, dollars and completions of models, on average over the questions that were asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.evals.statistics import Estimate
from tradespace.explorer.arrays import Floats
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.figures import leads
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.results import Evaluation, Outlay, Provenance, QuestionSet, Results

HALF_WIDTHS = (0.1, 0.05, 0.03, 0.02, 0.01)
"""How well a score may be wished to be known: ± this."""
MOST_TIMES = 100
"""Beyond so many times the questions that were asked, nobody is told to ask more."""


@dataclass(frozen=True, slots=True)
class MoreQuestions:
    """So many more questions, and what they take at most: calls that pipelines share are made once.

    Attributes:
        calls: completions of models, or where nothing asks a model, calls of any kind, as pipelines make on average;
            None where that is not known.
        seconds: one question after the other; None where nothing was timed.
        usd: None where nothing has a price.
    """

    questions: int
    calls: int | None
    seconds: float | None
    usd: float | None


@dataclass(frozen=True, slots=True)
class OpenTie:
    """A pipeline that can't be told from the recommended one.

    Attributes:
        lead: by how much the recommended one is worth more, paired over questions.
        more: what it takes to tell them apart, if the difference is what it seems; None where they do not differ, or
            that takes too many.
    """

    pipeline: str
    lead: Estimate
    more: MoreQuestions | None


@dataclass(frozen=True, slots=True)
class Untried:
    """What was left of the space.

    Attributes:
        pipelines: how many; those that do the same work are counted once where that is known.
        outlay: what they would take, by what those took that were tried; None where that is not known.
        ending: why they were left, as the search says; empty where its budget ended it.
    """

    pipelines: int
    outlay: Outlay | None
    ending: str


@dataclass(frozen=True, slots=True)
class SurerAnswer:
    """What it takes to be surer.

    Attributes:
        pipeline: the recommended one.
        question_set: the questions that it was judged by.
        asked: how many of these it has a score for; `left` counts those of the split that it was not asked.
        half_width: how well its first objective is known; None where it is no score.
        widths: narrower half-widths with what they take, the widest first.
    """

    pipeline: str
    question_set: QuestionSet
    asked: int
    left: int
    half_width: float | None
    widths: tuple[tuple[float, MoreQuestions], ...]
    ties: tuple[OpenTie, ...]
    untried: Untried | None


def answer_surer(results: Results, conclusion: Conclusion) -> SurerAnswer | None:
    """Work out what it takes to be surer of the recommendation; None where nothing is recommended."""
    chosen = conclusion.recommended
    if chosen is None:
        return None
    evaluation, measure = chosen.evaluation, conclusion.primary.measure
    known = chosen.estimates.get(measure)
    half_width = half_of(known) if known and conclusion.primary.is_score else None
    average = average_calls(results)
    narrower = [width for width in HALF_WIDTHS if half_width is not None and width < half_width]
    asked = known.n if known else 0
    return SurerAnswer(
        pipeline=evaluation.pipeline,
        question_set=evaluation.question_set,
        asked=asked,
        left=max(0, results.provenance.questions.get(evaluation.question_set, 0) - _questions(evaluation)),
        half_width=half_width,
        widths=tuple(
            (width, price_of_more([evaluation], questions_for(asked, half_width or 0.0, width) - asked, average))
            for width in narrower
        ),
        ties=tuple(_ties(conclusion, chosen, average)),
        untried=untried(results.provenance, len(results.explored)),
    )


def half_of(estimate: Estimate) -> float:
    """Half the width of an interval."""
    return ((estimate.high or 0.0) - (estimate.low or 0.0)) / 2


def questions_for(asked: int, half_width: float, wanted: float) -> int:
    """How many questions it takes to know a mean to ± something, that so many know to ± something else.

    >>> questions_for(100, 0.04, 0.02)
    400
    """
    return math.ceil(asked * (half_width / wanted) ** 2 - 1e-9)


def price_of_more(evaluations: Sequence[Evaluation], questions: int, average: float | None) -> MoreQuestions:
    """What pipelines take for so many more questions, each by what it took for those that it was asked.

    Args:
        evaluations: the pipelines.
        questions: how many more.
        average: calls that a pipeline of this study makes for a question on average; None where that is not known.
    """
    calls = [_calls(each, average) for each in evaluations]
    seconds = [_mean(Cohort((each,)).measured_seconds()[0]) for each in evaluations]
    usd = [_mean(Cohort((each,)).metered("usd")[0]) for each in evaluations]
    made, took, paid = (_total(of_each, questions) for of_each in (calls, seconds, usd))
    return MoreQuestions(questions, None if made is None else math.ceil(made), took, paid)


def average_calls(results: Results) -> float | None:
    """How many calls a pipeline makes for a question, without sharing any, on average over a study."""
    pairs = sum(_questions(each) for each in (*results.explored, *results.confirmed))
    asked = results.provenance.calls_asked
    return asked / pairs if asked and pairs else None


def untried(provenance: Provenance, explored: int) -> Untried | None:
    """What was left of the space when the search ended; None where nothing was, or nobody knows."""
    account, size = provenance.search, provenance.space_size
    left = account.open if account else size - explored if size is not None else 0
    if left <= 0:
        return None
    return Untried(left, _outlay(provenance, explored, left), account.ending if account else "")


def _outlay(provenance: Provenance, explored: int, left: int) -> Outlay | None:
    """What so many pipelines take, as those did that were evaluated: in the last search, or in all runs together."""
    spent = provenance.spent
    if spent is None or not spent.pipelines or not spent.calls:
        usd = provenance.usd_for_calls or None
        spent = Outlay(explored, provenance.calls_made, provenance.seconds_spent, usd)
    if not spent.pipelines or not spent.calls:
        return None
    times = left / spent.pipelines
    usd = None if spent.usd is None else spent.usd * times
    return Outlay(left, round(spent.calls * times), spent.seconds * times, usd)


def _ties(conclusion: Conclusion, chosen: Finalist, average: float | None) -> Iterator[OpenTie]:
    """The tied, of each class one, compared with the recommended pipeline at once."""
    others = [each.evaluation for each in conclusion.tied if each is not chosen]
    for other, lead in zip(others, leads(chosen.evaluation, others, conclusion.goals), strict=True):
        needed = questions_to_tell(lead)
        pair = [chosen.evaluation, other]
        yield OpenTie(other.pipeline, lead, None if needed is None else price_of_more(pair, needed - lead.n, average))


def questions_to_tell(difference: Estimate) -> int | None:
    """How many questions it takes until an interval excludes 0, if the difference stays what it is; None where it is 0,
    not known, or would take too many."""
    value = difference.value or 0.0
    near = difference.low if value > 0 else difference.high
    if value == 0 or near is None or not math.isfinite(near):
        return None
    needed = max(difference.n + 1, questions_for(difference.n, abs(value - near), abs(value)) + 1)
    return needed if needed <= MOST_TIMES * difference.n else None


def _calls(evaluation: Evaluation, average: float | None) -> float | None:
    questions = _questions(evaluation)
    return evaluation.replies.read / questions if evaluation.replies.read and questions else average


def _questions(evaluation: Evaluation) -> int:
    return max(map(len, evaluation.scores.values()), default=0)


def _mean(values: Floats) -> float | None:
    """The mean of what is known and finite; None where nothing is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _total(of_each: Sequence[float | None], questions: int) -> float | None:
    known = [each for each in of_each if each is not None]
    return questions * sum(known) if known and len(known) == len(of_each) else None
