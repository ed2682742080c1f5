"""From pipelines to evaluations: run them through the ledger, score what came out, time each stage on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradespace.components.base import Role
from tradespace.components.pipeline import Pipeline
from tradespace.evals.measures import Measure
from tradespace.explorer.caller import Caller
from tradespace.explorer.results import Evaluation, Split
from tradespace.explorer.runner import Trace, run
from tradespace.explorer.stopwatch import Work, measure, pipeline_work, stage_work, timed
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

    def _works(self, pipeline: Pipeline, traces: Sequence[Trace]) -> dict[Role, Work]:
        """What is to be timed: each online stage, on what it was given for the timed questions."""
        timed_traces = list(zip(self._timed_ids, traces, strict=False))
        works: dict[Role, Work] = {}
        for role, component in pipeline.online.items():
            requests = {name: trace.inputs[role] for name, trace in timed_traces if _succeeded(trace, role)}
            if requests:
                corpus = self.caller.workbench.corpus(pipeline)
                operator_of = self.caller.workbench.operators_for(corpus)
                works[role] = stage_work(component, corpus, requests, operator_of)
        return works

    def _whole(self, pipeline: Pipeline) -> Work:
        corpus = self.caller.workbench.corpus(pipeline)
        texts = {question.id: question.text for question in self.questions[: self.timed_questions]}
        return pipeline_work(pipeline, corpus, self.caller.workbench.operators_for(corpus), texts)

    def _evaluation(self, pipeline: Pipeline, traces: Sequence[Trace], works: Mapping[Role, Work]) -> Evaluation:
        ledger = self.caller.ledger
        return Evaluation(
            pipeline=str(pipeline),
            yaml=pipeline_yaml(pipeline),
            split=self.split,
            stages={str(role): repr(component) for role, component in pipeline.stages.items()},
            scores=self._scores(traces),
            failures={place: trace.failure.message for place, trace in enumerate(traces) if trace.failure},
            seconds={str(role): timed(ledger, work, self._timed_ids) for role, work in works.items()},
        )

    def _scores(self, traces: Sequence[Trace]) -> dict[str, tuple[float | None, ...]]:
        """Every measure that has anything to say of these questions."""
        rankings = [None if trace.failure else trace.ranking for trace in traces]
        answers = [None if trace.failure else trace.answer for trace in traces]
        scores = {measure.name: tuple(measure.score(self.questions, rankings, answers)) for measure in self.measures}
        return {name: values for name, values in scores.items() if any(value is not None for value in values)}


def _succeeded(trace: Trace, role: Role) -> bool:
    """Whether the stage ran and did not fail."""
    return role in trace.inputs and not (trace.failure and role is list(trace.inputs)[-1])
