"""Why nothing is recommended, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradespace.errors import InputError
from tradespace.evals.measures import measure
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.plurals import agreeing, count
from tradespace.reports.bounds import within_bounds
from tradespace.reports.failures import troubles_of
from tradespace.reports.words import figure_with_interval, measure_name

_START = "No pipeline can be recommended"
_AGAIN = "Mend the cause, and explore again: failed calls are made again, the others are not."
_LOOK_AT_ANSWERS = (
    "Look at the answers beside the references with `tradespace questions STUDY`. Where they are right in other "
    "words, choose a measure that accepts them; where they are wrong, let other components answer; where there are "
    "few questions, more of them narrow the interval."
)
_LOOK_AT_PASSAGES = (
    "Look at the passages beside gold documents and evidence with `tradespace questions STUDY`. Where the right ones "
    "stand further down, raise `top_k` or choose a measure that counts more places; where they are missing, let other "
    "components retrieve; where there are few questions, more of them narrow the interval."
)


@dataclass(frozen=True, slots=True)
class NoRecommendation:
    """Why nothing can be recommended, the pipeline that this is about, and what to do."""

    headline: str
    notes: tuple[str, ...] = ()
    pipeline: str | None = None


def refusal(conclusion: Conclusion) -> NoRecommendation | None:
    """Say why a conclusion recommends nothing; None where it does, and where all that is wrong is a missed bound."""
    judged = judged_evaluations(conclusion)
    if conclusion.best:
        return None
    if not judged:
        return NoRecommendation("No pipeline has been evaluated yet.")
    if all(evaluation.failed_everywhere for evaluation in judged):
        tried = "confirmed" if judged[0].question_set is QuestionSet.CONFIRM else "tried"
        which = f"{agreeing(len(judged), 'pipeline was', 'pipelines were')} {tried}"
        return NoRecommendation(f"{_START}: {which}, and failed on every question.", _failure_notes(judged))
    if all(point.figures[conclusion.primary.measure] is None for point in conclusion.points) and not conclusion.useless:
        return _unscored(conclusion, judged)
    if conclusion.useless:
        return _useless(conclusion.useless, conclusion)
    none = NoRecommendation(f"{_START}: none has both an accuracy and a latency.", _failure_notes(judged))
    return None if conclusion.nearest else none


def _unscored(conclusion: Conclusion, judged: Sequence[Evaluation]) -> NoRecommendation:
    advice = (
        "Choose an objective that the questions can be scored by, and explore again: no call is made twice. "
        "`tradespace data inspect` says how many of them have answers and gold documents."
    )
    primary = conclusion.primary.measure
    notes = (_unjudged(primary, judged) or advice, *_failure_notes(judged))
    return NoRecommendation(f"{_START}: no question could be scored by {measure_name(primary)}.", notes)


def _unjudged(name: str, evaluations: Sequence[Evaluation]) -> str:
    """Why answers could not be judged, and what to do; empty where nobody judges."""
    missing = [evaluation.judging[name].missing for evaluation in evaluations if name in evaluation.judging]
    reasons = [reason for of_evaluation in missing for reason in of_evaluation.values()]
    if not reasons:
        return ""
    answers = count(len(reasons), "answer")
    return (
        f"{answers} could not be judged; the first: {reasons[0]}. Let another model judge, or tell it something else, "
        "under `measures`, and explore again: only the judge is asked again."
    )


def _look(name: str) -> str:
    """What to look at; a study may be scored by a measure that is not installed here."""
    try:
        return _LOOK_AT_PASSAGES if measure(name).scores_passages else _LOOK_AT_ANSWERS
    except InputError:
        return _LOOK_AT_ANSWERS


def _useless(best: Finalist, conclusion: Conclusion) -> NoRecommendation:
    within = f" {words}" if (words := within_bounds(conclusion.goals)) else ""
    name = conclusion.primary.measure
    figure = f"{measure_name(name)} {figure_with_interval(best.estimates, name)}"
    return NoRecommendation(
        f"{_START}: the best{within} has {figure}, which can't be distinguished from zero.",
        (*_failure_notes([best.evaluation]), _look(name), *_beyond_notes(conclusion.nearest, conclusion)),
        best.evaluation.pipeline,
    )


def judged_evaluations(conclusion: Conclusion) -> list[Evaluation]:
    finalists = [finalist.evaluation for finalist in conclusion.finalists]
    return finalists or [point.evaluation for point in conclusion.points]


def _failure_notes(evaluations: Sequence[Evaluation]) -> tuple[str, ...]:
    """The most frequent failure, and that failures are made again."""
    troubles = troubles_of(evaluations)
    if not troubles:
        return ()
    first = troubles[0]
    where = f"On {count(first.questions, 'question')}" if len(evaluations) == 1 else "Most often"
    return (f"{where} the failure was: {first.message}", _AGAIN)


def _beyond_notes(nearest: Finalist | None, conclusion: Conclusion) -> tuple[str, ...]:
    """What a wider bound would give."""
    if nearest is None or not nearest.above_zero(conclusion.primary):
        return ()
    accuracy, latency = (
        f"{measure_name(name)} {figure_with_interval(nearest.estimates, name)}"
        for name in (conclusion.primary.measure, conclusion.latency)
    )
    beyond = "bounds" if conclusion.goals.limits else "SLA"
    return (f"The nearest beyond the {beyond} has {accuracy} and {latency}: {nearest.evaluation.pipeline}.",)
