"""Scores of many questions by many measures, failures included."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from tradespace.errors import MeasureError, TradespaceError
from tradespace.evals.measures.base import MEND, Measure
from tradespace.evals.measures.in_group import InGroup
from tradespace.evals.measures.ranking import RankingMeasure, score_rankings
from tradespace.plurals import count
from tradespace.types import Answer, Question, Ranking


def score_table(
    measures: Sequence[Measure],
    questions: Sequence[Question],
    rankings: Sequence[Ranking | None],
    answers: Sequence[Answer | None],
    failed: Collection[int] = (),
    *,
    unfinished: Collection[int] = (),
    by_calls: Mapping[str, Sequence[float | None]] | None = None,
) -> dict[str, tuple[float | None, ...]]:
    """Score each question by each measure: by measure name, one score for each question.

    Questions may repeat, so that many pipelines are scored in one call, which is much faster than one call for each.

    Args:
        measures: what to score by.
        questions: what was asked.
        rankings: the passages at the end of the last ranking stage; None where there is none.
        answers: None where there is none, as in a pipeline without a reader.
        failed: positions of questions on which the pipeline failed. They score the worst there is, unless the question
            lacks what the measure needs.
        unfinished: positions of questions whose answer is empty because it was cut off. Answers score the worst there
            is, also where the right answer is that there is none.
        by_calls: the scores of those measures whose calls were made elsewhere, by name; others that make calls make
            them here, and keep nothing of them.

    Raises:
        MeasureError: a measure raised, or gave something else than a score from 0 to 1 or None for each question.
        ValueError: there are not as many rankings and answers as questions.
    """
    if not len(questions) == len(rankings) == len(answers):
        raise ValueError(
            f"each question has a ranking and an answer; given: {len(questions)}, {len(rankings)}, {len(answers)}"
        )
    groups = [measure for measure in measures if isinstance(measure, InGroup)]
    alone = {one.name: one for one in (each.of if isinstance(each, InGroup) else each for each in measures)}.values()
    ranked = [measure for measure in alone if isinstance(measure, RankingMeasure)]
    columns = score_rankings(ranked, questions, rankings)
    made = by_calls or {}
    for measure in alone:
        column = columns.get(measure.name) or (
            list(made[measure.name]) if measure.name in made else _scores(measure, questions, rankings, answers)
        )
        for place in failed if measure.scores_passages else (*failed, *unfinished):
            column[place] = measure.worst if measure.applies_to(questions[place]) else None
        columns[measure.name] = column
    columns |= {group.name: group.masked(questions, columns[group.of.name]) for group in groups}
    return {measure.name: tuple(columns[measure.name]) for measure in measures}


def explain(measure: Measure, question: Question, ranking: Ranking | None, answer: Answer | None) -> str:
    """Why a measure scores a question as it does; empty where it gives no reason.

    Raises:
        MeasureError: the measure raised.
    """
    with measure_errors(measure):
        return measure.reason(question, ranking, answer)


@contextmanager
def measure_errors(measure: Measure) -> Iterator[None]:
    """Say which measure it was that raised."""
    try:
        yield
    except TradespaceError:
        raise
    except Exception as error:
        raise MeasureError(f"the measure {measure.name} raised {type(error).__name__}: {error}. {MEND}") from error


def check_score(measure: Measure, score: float | None) -> None:
    """Make sure that a measure gave a score, or None.

    Raises:
        MeasureError: it is something else.
    """
    if score is not None and not 0 <= score <= 1:
        raise MeasureError(
            f"the measure {measure.name} must give scores from 0 to 1, or None; given: {score!r}. {MEND}"
        )


def _scores(
    measure: Measure,
    questions: Sequence[Question],
    rankings: Sequence[Ranking | None],
    answers: Sequence[Answer | None],
) -> list[float | None]:
    with measure_errors(measure):
        column = list(measure.score(questions, rankings, answers))
    if len(column) != len(questions):
        raise MeasureError(
            f"the measure {measure.name} must give one score for each question; given: "
            f"{count(len(column), 'score')} for {count(len(questions), 'question')}. {MEND}"
        )
    for score in column:
        check_score(measure, score)
    return column
