"""From pipelines to evaluations: run them through the ledger, score what came out, time each stage on its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tradespace.components.base import Component, Role
from tradespace.components.pipeline import Pipeline
from tradespace.evals.measures import Measure
from tradespace.explorer.caller import Caller
from tradespace.explorer.results import Evaluation, Split
from tradespace.explorer.runner import Trace, run
from tradespace.explorer.stopwatch import Work, answer, measure, pipeline_work, stage_work, timed
from tradespace.search_space.pipeline_yaml import pipeline_yaml
from tradespace.types import Question


@dataclass(frozen=True)
class Evaluator:
    """Evaluates pipelines on the questions of one split.

    Attributes:
        questions: all of them are scored.
        timed_questions: how many, from the front, each distinct stage is timed on.
        measures: what is scored, per question.
    """

    caller: Caller
    split: Split
    questions: Sequence[Question]
    timed_questions: int
    measures: Sequence[Measure]

    def evaluate(self, pipelines: Sequence[Pipeline]) -> list[Evaluation]:
        """Run, score and time pipelines; evaluations come in their order.

        Raises:
            BudgetSpent: more calls are needed than the budget allows.
        """
        traces = run(self.caller, pipelines, [question.text for question in self.questions])
        works = {pipeline: self._works(pipeline, traces[pipeline]) for pipeline in pipelines}
        distinct = {work.key: work for stages in works.values() for work in stages.values()}
        measure(self.caller.ledger, list(distinct.values()), self._timed_ids)
        return [self._evaluation(pipeline, traces[pipeline], works[pipeline]) for pipeline in pipelines]

    def run_end_to_end(self, pipelines: Sequence[Pipeline]) -> dict[Pipeline, tuple[float | None, ...]]:
        """Seconds of whole pipelines, run for real, one question at a time; None where a question failed."""
        works = {pipeline: self._whole(pipeline) for pipeline in pipelines}
        measure(self.caller.ledger, list(works.values()), self._timed_ids)
        return {pipeline: timed(self.caller.ledger, work, self._timed_ids) for pipeline, work in works.items()}

    @property
    def _timed_ids(self) -> list[str]:
        return [question.id for question in self.questions[: self.timed_questions]]
