"""The naive evaluator: one pipeline, one question at a time, nothing shared and nothing stored.

It is the reference for the shared evaluation through the ledger, which must give the same results for fewer calls. So
it shares nothing with it either: it runs stages and processes by itself, one call after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tradespace.components.base import Call, Operator, Pipeline, Process, ranking_of
from tradespace.components.direct import OperatorOf, call_operator, succeeded
from tradespace.errors import ComponentError
from tradespace.evals.measures import Measure
from tradespace.evals.table import score_table
from tradespace.explorer.running.component_errors import component_errors
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.types import Answer, Outcome, Question, Ranking, Request

ScoreRow = Mapping[str, float | None]
"""Scores of one question by measure; None where it lacks what the measure needs."""


def evaluate_alone(
    opened_components: OpenedComponents, pipeline: Pipeline, questions: Sequence[Question], measures: Sequence[Measure]
) -> list[ScoreRow]:
    """The scores of a pipeline, a row for each question. A question on which a component raises has failed."""
    return [_evaluate(opened_components, pipeline, question, measures) for question in questions]


def _evaluate(
    opened_components: OpenedComponents, pipeline: Pipeline, question: Question, measures: Sequence[Measure]
) -> ScoreRow:
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
            outcome = _outcome(component.process(request), operator_of)
        if isinstance(outcome, Answer):
            return ranking, outcome
        ranking = ranking_of(outcome)
        request = request.with_ranking(ranking)
    return ranking, None


def _outcome(process: Process, operator_of: OperatorOf) -> Outcome:
    """What a process comes to."""
    try:
        calls = next(process)
        while True:
            calls = process.send([_make(call, operator_of(call.component)) for call in calls])
    except StopIteration as finished:
        return finished.value  # type: ignore[no-any-return]


def _make(call: Call, operator: Operator) -> Outcome:
    (outcome,) = call_operator(call.component, operator, [call.request])
    return succeeded(outcome)
