"""The naive evaluator: one pipeline, one question at a time, nothing shared and nothing stored.

It is the reference for the shared evaluation through the ledger, which must give the same results for fewer calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tradespace.components.base import Pipeline, ranking_of, run_directly
from tradespace.errors import ComponentError
from tradespace.evals.measures import Measure
from tradespace.evals.table import score_table
from tradespace.explorer.running.component_errors import component_errors
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.types import Answer, Question, Ranking, Request

Row = Mapping[str, float | None]
"""Scores of one question by measure; None where it lacks what the measure needs."""


def evaluate_alone(
    opened_components: OpenedComponents, pipeline: Pipeline, questions: Sequence[Question], measures: Sequence[Measure]
) -> list[Row]:
    """The scores of a pipeline, a row for each question. A question on which a component raises has failed."""
    return [_evaluate(opened_components, pipeline, question, measures) for question in questions]


def _evaluate(
    opened_components: OpenedComponents, pipeline: Pipeline, question: Question, measures: Sequence[Measure]
) -> Row:
    try:
        ranking, answer = _run(opened_components, pipeline, question.text)
    except ComponentError:
        table = score_table(measures, [question], [None], [None], failed=[0])
    else:
        table = score_table(measures, [question], [ranking], [answer])
    return {name: column[0] for name, column in table.items()}


def _run(opened_components: OpenedComponents, pipeline: Pipeline, text: str) -> tuple[Ranking, Answer | None]:
    operator_of = opened_components.operators_for(opened_components.corpus(pipeline))
    request = Request(text)
    ranking: Ranking = ()
    for component in pipeline.online.values():
        with component_errors(component):
            outcome = run_directly(component.process(request), operator_of)
        if isinstance(outcome, Answer):
            return ranking, outcome
        ranking = ranking_of(outcome)
        request = request.with_ranking(ranking)
    return ranking, None
