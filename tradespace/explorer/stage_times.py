"""Timing the stages of pipelines on what they were given, and whole pipelines end to end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradespace.components.base import Role
from tradespace.components.pipeline import Pipeline
from tradespace.explorer.caller import Caller
from tradespace.explorer.runner import Trace
from tradespace.explorer.stopwatch import Work, measure, pipeline_work, stage_work, timed
from tradespace.types import Question

Seconds = tuple[float | None, ...]
"""One value for each timed question; None where it failed or was not reached."""


@dataclass(frozen=True)
class StageTimes:
    """Seconds per question of stages and of whole pipelines. Each distinct stage is timed once.

    Attributes:
        questions: those that are timed.
    """

    caller: Caller
    questions: Sequence[Question]

    def of_stages(self, traces: Mapping[Pipeline, Sequence[Trace]]) -> dict[Pipeline, dict[str, Seconds]]:
        """Seconds by online stage. `traces` say what each stage was given, the timed questions first."""
        works = {pipeline: self._works(pipeline, of_pipeline) for pipeline, of_pipeline in traces.items()}
        distinct = {work.key: work for stages in works.values() for work in stages.values()}
        measure(self.caller.ledger, list(distinct.values()), self._ids)
        return {
            pipeline: {
                str(role): self._seconds(role, works[pipeline].get(role), of_pipeline) for role in pipeline.online
            }
            for pipeline, of_pipeline in traces.items()
        }

    def end_to_end(self, pipelines: Sequence[Pipeline]) -> dict[Pipeline, Seconds]:
        """Seconds of whole pipelines, run for real, one question at a time."""
        works = {pipeline: self._whole(pipeline) for pipeline in pipelines}
        measure(self.caller.ledger, list(works.values()), self._ids)
        return {pipeline: timed(self.caller.ledger, work, self._ids) for pipeline, work in works.items()}

    @property
    def _ids(self) -> list[str]:
        return [question.id for question in self.questions]

    def _works(self, pipeline: Pipeline, traces: Sequence[Trace]) -> dict[Role, Work]:
        """What is to be timed: each online stage, on what it was given for the timed questions."""
        timed_traces = list(zip(self._ids, traces, strict=False))
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
        texts = {question.id: question.text for question in self.questions}
        return pipeline_work(pipeline, corpus, self.caller.workbench.operators_for(corpus), texts)

    def _seconds(self, role: Role, work: Work | None, traces: Sequence[Trace]) -> Seconds:
        sampled = timed(self.caller.ledger, work, self._ids) if work else [None] * len(self._ids)
        return tuple(one if _succeeded(trace, role) else None for one, trace in zip(sampled, traces, strict=False))


def _succeeded(trace: Trace, role: Role) -> bool:
    """Whether the stage ran and did not fail."""
    return role in trace.inputs and not (trace.failure and role is list(trace.inputs)[-1])
