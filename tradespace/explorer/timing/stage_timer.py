"""Timing the stages of pipelines on what they were given, and whole pipelines end to end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tradespace.components.base import Pipeline
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.replayed_calls import StageJob, asks_a_model
from tradespace.explorer.running.runner import Trace
from tradespace.explorer.timing.quiet import Effort, known, time_works
from tradespace.explorer.timing.stage_calls import CallGroup, StageCalls, StageRounds
from tradespace.explorer.timing.stage_seconds import KnownSeconds, PipelineSeconds, Stages, parts_of
from tradespace.explorer.timing.stopwatch import WorkItem, pipeline_work, stage_work
from tradespace.types import Question


@dataclass(frozen=True)
class StageTimer:
    """Seconds per question of stages and of whole pipelines. Each distinct stage setting is timed once.

    Attributes:
        questions: those that are timed.
        host: what this machine is called in its timings.
        measure: the latency figure that is to be sure enough.
        effort: how much timing that is worth.
        whole: whether pipelines are run end to end as well, in turns with their stages. Those that ask servers are
            not: what they take is composed of their calls. Making a provider's again would cost, replaying them takes
            no time, and one's own server takes seconds for what is known already.
    """

    recorded_calls: RecordedCalls
    questions: Sequence[Question]
    host: str
    measure: str
    effort: Effort
    whole: bool = False

    def of_stages(self, traces: Mapping[Pipeline, Sequence[Trace]]) -> dict[Pipeline, PipelineSeconds]:
        """Time what each stage was given, which `traces` say, the timed questions first."""
        calls = StageCalls(self.recorded_calls.ledger, self._jobs(traces))
        stages = {pipeline: self._stages(pipeline, of_pipeline, calls) for pipeline, of_pipeline in traces.items()}
        whole = {pipeline: self._whole(pipeline, stages[pipeline]) for pipeline in traces}
        parts = [part for of_pipeline in stages.values() for part in _parts(of_pipeline)]
        works = [part.work for part in parts if part.work] + [work for row in whole.values() for work in row]
        distinct = list(dict.fromkeys(works))
        time_works(self.recorded_calls.ledger, self.host, distinct, self.measure, self.effort)
        known_seconds = KnownSeconds(parts, known(self.recorded_calls.ledger, self.host, distinct))
        return {pipeline: known_seconds.stage_seconds(stages[pipeline], whole[pipeline]) for pipeline in traces}

    def foretell(self, traces: Mapping[Pipeline, Sequence[Trace]]) -> dict[Pipeline, PipelineSeconds]:
        """Foretell what pipelines take before their dear calls are made, from what the dear stage is given.

        Run pipelines as far as that is cheap, and hand over the traces of all questions, in order: a trace may end
        before a stage, whose input is then `trace.request`, or go on with stand-ins for what was not called. No call is
        made but what timing takes: a few works of each component whose latency is not known on this host yet, and none
        of a language model. Then ask `PipelineSeconds.figure` for a latency and its relative standard error:

            foretold = timer.foretell(traces)
            seconds, spread = foretold[pipeline].figure("latency_p95")

        Ask again whenever more is known; with nothing left to time it takes no more than arithmetic.
        """
        return self.of_stages(traces)

    def _jobs(self, traces: Mapping[Pipeline, Sequence[Trace]]) -> Iterator[StageJob]:
        """The stages that ask language models: readers, and retrievers that ask what to search for."""
        for pipeline, of_pipeline in traces.items():
            asking = [stage for stage, component in pipeline.online.items() if asks_a_model(component)]
            for _, trace in zip(self.questions, of_pipeline, strict=False):
                yield from (self._job(pipeline, stage, trace) for stage in asking if _succeeded(trace, stage))

    def _job(self, pipeline: Pipeline, stage: str, trace: Trace) -> StageJob:
        return StageJob(
            pipeline.stages[stage], trace.inputs[stage], self.recorded_calls.opened_components.corpus(pipeline)
        )

    def _stages(self, pipeline: Pipeline, traces: Sequence[Trace], calls: StageCalls) -> Stages:
        timed = list(zip(self.questions, traces, strict=False))
        return {
            stage: [
                self._rounds(self._job(pipeline, stage, trace), question.id, calls)
                if _succeeded(trace, stage)
                else None
                for question, trace in timed
            ]
            for stage in pipeline.online
        }

    def _rounds(self, job: StageJob, question: str, calls: StageCalls) -> StageRounds:
        """A stage on one question: its calls one by one where they are timed so, else the stage as one."""
        operator_of = self.recorded_calls.opened_components.operators_for(job.corpus, for_timing=True)
        apart = calls.rounds(job, question, operator_of)
        if apart is not None:
            return apart
        work = stage_work(job.component, job.corpus, question, job.request, operator_of)
        return [[CallGroup(job.component.key, work=work)]]

    def _whole(self, pipeline: Pipeline, stages: Stages) -> list[WorkItem]:
        """The whole pipeline on each question; none where it is not to be run."""
        if not self.whole or any(part.work is None or part.work.served for part in _parts(stages)):
            return []
        corpus = self.recorded_calls.opened_components.corpus(pipeline)
        operator_of = self.recorded_calls.opened_components.operators_for(corpus, for_timing=True)
        return [pipeline_work(pipeline, corpus, question.id, question.text, operator_of) for question in self.questions]


def _parts(stages: Stages) -> list[CallGroup]:
    return [part for row in stages.values() for rounds in row for part in parts_of(rounds)]


def _succeeded(trace: Trace, stage: str) -> bool:
    """Whether the stage ran and did not fail."""
    return stage in trace.inputs and not (trace.failure and stage == list(trace.inputs)[-1])
