"""From pipelines to evaluations: run them through the ledger, score what came out, time each stage on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradespace.components.base import Role
from tradespace.components.pipeline import Pipeline
from tradespace.evals.measures import Measure
from tradespace.evals.table import score_table
from tradespace.explorer.caller import Caller
from tradespace.explorer.results import Evaluation, Split
from tradespace.explorer.runner import Trace, run
from tradespace.explorer.stopwatch import Work, measure, pipeline_work, stage_work, timed
from tradespace.search_space.pipeline_yaml import pipeline_yaml
from tradespace.types import Question

Scores = Mapping[str, tuple[float | None, ...]]
"""Per measure, one value for each question."""


@dataclass(frozen=True)
class Evaluator:
    """Evaluates pipelines on the questions of one split.

    Attributes:
        questions: all of them are scored.
        timed_questions: how many, from the front, each distinct stage is timed on.
        measures: what is scored, per question.
        usd_per_hour: what the host costs; None where that is unknown, and costs are missing.
    """

    caller: Caller
    split: Split
    questions: Sequence[Question]
    timed_questions: int
    measures: Sequence[Measure]
    usd_per_hour: float | None = None

    def evaluate(self, pipelines: Sequence[Pipeline]) -> list[Evaluation]:
        """Run, score and time pipelines; evaluations come in their order.

        Raises:
            BudgetSpent: more calls are needed than the budget allows.
        """
        traces = run(self.caller, pipelines, [question.text for question in self.questions])
        works = {pipeline: self._works(pipeline, traces[pipeline]) for pipeline in pipelines}
        distinct = {work.key: work for stages in works.values() for work in stages.values()}
        measure(self.caller.ledger, list(distinct.values()), self._timed_ids)
        scores = self._scores([traces[pipeline] for pipeline in pipelines])
        return [
            self._evaluation(pipeline, traces[pipeline], works[pipeline], of_pipeline)
            for pipeline, of_pipeline in zip(pipelines, scores, strict=True)
        ]

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

    def _evaluation(
        self, pipeline: Pipeline, traces: Sequence[Trace], works: Mapping[Role, Work], scores: Scores
    ) -> Evaluation:
        seconds = {str(role): self._seconds(role, works.get(role), traces) for role in pipeline.online}
        return Evaluation(
            pipeline=str(pipeline),
            yaml=pipeline_yaml(pipeline),
            split=self.split,
            stages={str(role): repr(component) for role, component in pipeline.stages.items()},
            scores=scores,
            failures={place: trace.failure.message for place, trace in enumerate(traces) if trace.failure},
            usd=self._usd(seconds),
            seconds=seconds,
        )

    def _seconds(self, role: Role, work: Work | None, traces: Sequence[Trace]) -> tuple[float | None, ...]:
        """Seconds of a stage per timed question; None where it failed or was not reached."""
        sampled = timed(self.caller.ledger, work, self._timed_ids) if work else [None] * len(self._timed_ids)
        return tuple(one if _succeeded(trace, role) else None for one, trace in zip(sampled, traces, strict=False))

    def _usd(self, seconds: Mapping[str, tuple[float | None, ...]]) -> tuple[float | None, ...]:
        """Dollars per timed question: what the host costs for as long as all stages take."""
        if self.usd_per_hour is None:
            return ()
        hourly = self.usd_per_hour
        rows = zip(*seconds.values(), strict=True)
        return tuple(
            None if any(one is None for one in row) else sum(one for one in row if one is not None) * hourly / 3600
            for row in rows
        )

    def _scores(self, traces: Sequence[Sequence[Trace]]) -> list[Scores]:
        """Every measure that has anything to say of these questions, for each pipeline's traces."""
        every = [trace for of_pipeline in traces for trace in of_pipeline]
        rankings = [None if trace.failure else trace.ranking for trace in every]
        answers = [None if trace.failure else trace.answer for trace in every]
        failed = [place for place, trace in enumerate(every) if trace.failure]
        table = score_table(self.measures, [*self.questions] * len(traces), rankings, answers, failed)
        width = len(self.questions)
        rows = [{name: row[at : at + width] for name, row in table.items()} for at in range(0, len(every), width)]
        return [{name: row for name, row in scores.items() if any(one is not None for one in row)} for scores in rows]


def _succeeded(trace: Trace, role: Role) -> bool:
    """Whether the stage ran and did not fail."""
    return role in trace.inputs and not (trace.failure and role is list(trace.inputs)[-1])
