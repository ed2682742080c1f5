"""Scores of many questions by many measures, failures included."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tradespace.evals.measures.base import Measure
from tradespace.evals.measures.ranking import RankingMeasure, score_rankings
from tradespace.types import Answer, Question, Ranking


def score_table(
    measures: Sequence[Measure],
    questions: Sequence[Question],
    rankings: Sequence[Ranking | None],
    answers: Sequence[Answer | None],
    failed: Collection[int] = (),
    *,
    unfinished: Collection[int] = (),
) -> dict[str, tuple[float | None, ...]]:
    """Score each question by each measure: by measure name, one score for each question.

    Questions may repeat, so that many pipelines are scored in one call, which is much faster than one call for each.

    Args:
        measures: what to score by.
        questions: what was asked.
        rankings: the passages at the end of the last ranking stage; None where there is none.
        answers: None where there is none, as in a pipeline without a reader.
        failed: positions of questions on which the pipeline failed. They score 0, unless the question lacks what the
            measure needs.
        unfinished: positions of questions whose answer is empty because it was cut off. Answers score 0 there, also
            where the right answer is that there is none.
    """
    ranked = [measure for measure in measures if isinstance(measure, RankingMeasure)]
    columns = score_rankings(ranked, questions, rankings)
    for measure in measures:
        column = columns.get(measure.name) or measure.score(questions, rankings, answers)
        for place in failed if isinstance(measure, RankingMeasure) else (*failed, *unfinished):
            column[place] = 0.0 if measure.applies_to(questions[place]) else None
        columns[measure.name] = column
    return {measure.name: tuple(columns[measure.name]) for measure in measures}
