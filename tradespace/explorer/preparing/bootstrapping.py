"""Drawing examples: explore questions that a pipeline answered right, with what it wrote."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tradespace.components.base import Call, Pipeline
from tradespace.components.examples.base import ExamplePairs
from tradespace.components.examples.bootstrap import Bootstrap
from tradespace.components.processes import drive
from tradespace.components.roles import Role
from tradespace.evals.measures import Measure, measure
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.recorded_scorer import recorded_scores
from tradespace.explorer.running.runner import Trace, run
from tradespace.types import Completion, Failure, Outcome, Question

BLOCK = 16
"""Questions that are tried together."""


@dataclass(frozen=True)
class Bootstrapping:
    """Draws examples from questions, through the ledger: what is called here, the search need not call again.

    Attributes:
        measure_called: the measures, by name.
    """

    questions: Sequence[Question]
    recorded_calls: RecordedCalls
    measure_called: Callable[[str], Measure] = measure

    def pairs(self, bootstrap: Bootstrap, teacher: Pipeline) -> ExamplePairs:
        """Examples by a pipeline: the questions that it answers right, tried in order until there are enough.

        Raises:
            BudgetSpent: the calls exceed the budget.
            MeasureError: the measure raised.
            ModelUnavailableError: a model's server is down.
        """
        drawn: list[tuple[str, str]] = []
        order = self._order(bootstrap.seed)
        for start in range(0, len(order), BLOCK):
            drawn += self._right(bootstrap, teacher, order[start : start + BLOCK])
            if len(drawn) >= bootstrap.pool:
                break
        return tuple(drawn[: bootstrap.pool])

    def _order(self, seed: int) -> Sequence[Question]:
        if not seed:
            return self.questions
        return random.Random(seed).sample(self.questions, len(self.questions))

    def _right(
        self, bootstrap: Bootstrap, teacher: Pipeline, questions: Sequence[Question]
    ) -> Iterator[tuple[str, str]]:
        traces = run(self.recorded_calls, [teacher], [question.text for question in questions])[teacher]
        scores = recorded_scores(self.measure_called(bootstrap.measure), self.recorded_calls, questions, traces)
        for question, trace, score in zip(questions, traces, scores, strict=True):
            if trace.answer and score is not None and score >= bootstrap.least:
                whole = bootstrap.show == "reply"
                yield question.text, self._reply(teacher, trace) if whole else trace.answer.text

    def _reply(self, teacher: Pipeline, trace: Trace) -> str:
        """What the model wrote last that holds the answer; the answer where nothing does, as where a reader read it."""
        assert trace.answer
        written: list[str] = []

        def answered(calls: Sequence[Call]) -> list[Outcome]:
            outcomes = self.recorded_calls.outcomes(calls, self.recorded_calls.corpus(teacher))
            written.extend(outcome.text for outcome in outcomes if isinstance(outcome, Completion))
            return [outcome for outcome in outcomes if not isinstance(outcome, Failure)]

        drive(teacher.stages[Role.GENERATE].process(trace.inputs[Role.GENERATE]), answered)
        return next((text for text in reversed(written) if trace.answer.text in text), trace.answer.text)
