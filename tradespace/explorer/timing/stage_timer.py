"""Timing the stages of pipelines on what they were given, and whole pipelines end to end."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.replayed_calls import StageJob
from tradespace.explorer.running.runner import Trace
from tradespace.explorer.timing.borrowing import with_borrowed
from tradespace.explorer.timing.call_sizes import extent
from tradespace.explorer.timing.quiet import Effort, SampledWorks, sampled_works, time_works
from tradespace.explorer.timing.stage_calls import CallGroup, StageCalls, StageRounds
from tradespace.explorer.timing.stage_seconds import KnownSeconds, PipelineSeconds, Stages, parts_of
from tradespace.explorer.timing.stopwatch import WorkItem, pipeline_work
from tradespace.types import Question

StageJobs = Mapping[str, Sequence[StageJob | None]]
"""The jobs of each stage, by question; None where it failed or was not reached."""
WORKS_TIMED = 36
"""Works that the latency model of one component is fitted to, where there are as many: calls of all sizes."""


@dataclass(frozen=True)
class StageTimer:
    """Seconds per question of stages and of whole pipelines. Some calls of each component are timed, the others follow
    from what they ask of it.

    Attributes:
        questions: all questions of the split, in order.
        host: what this machine is called in its timings.
        measure: the latency figure that is to be sure enough.
        effort: how much timing that is worth.
        whole: whether pipelines are run end to end as well, on the timed questions. Those that ask servers are
            not: what they take is composed of their calls. Making a provider's again would cost, replaying them takes
            no time, and one's own server takes seconds for what is known already.
        timed: how many questions are timed at most, from the front.
    """

    recorded_calls: RecordedCalls
    questions: Sequence[Question]
    host: str
    measure: str
    effort: Effort
    whole: bool = False
    timed: int = 12

    def of_stages(self, traces: Mapping[Pipeline, Sequence[Trace]]) -> dict[Pipeline, PipelineSeconds]:
        """What stages took on what they were given, which `traces` say, in the order of the questions."""
        taken = self._taken(traces, whole=self.whole)
        return {pipeline: _without_unknown(of_pipeline) for pipeline, of_pipeline in taken.items()}

    def foretell(self, traces: Mapping[Pipeline, Sequence[Trace]]) -> dict[Pipeline, PipelineSeconds]:
        """Foretell what pipelines take before their dear calls are made, from what the dear stages are given.

        Hand over the traces of all questions, in order, with stand-ins for what was not called (as `DryRun` makes
        them). No call is made but what timing takes: some works of each component whose latency is not known on this
        host yet, and none of a language model. Then ask for a latency and its relative standard error:

            foretold = timer.foretell(traces)
            seconds, spread = foretold[pipeline].figure("latency_p95")

        Ask again whenever more is known; with nothing left to time it takes no more than arithmetic. How much a
        language model will write is not known beforehand: a question whose calls are not made borrows the seconds of
        those whose calls of the same stage setting are.
        """
        return with_borrowed(self._taken(traces, whole=False))

    def _taken(self, traces: Mapping[Pipeline, Sequence[Trace]], *, whole: bool) -> dict[Pipeline, PipelineSeconds]:
        """Time what no model knows yet, and put together what pipelines take."""
        jobs = {pipeline: self._jobs(pipeline, row) for pipeline, row in traces.items()}
        opened, ledger = self.recorded_calls.opened_components, self.recorded_calls.ledger
        every = [job for stages in jobs.values() for row in stages.values() for job in row if job]
        calls = StageCalls(ledger, every, lambda corpus: opened.operators_for(corpus, for_timing=True))
        rounds = self._rounds(jobs, calls)
        ends = {pipeline: self._whole(pipeline, rounds[pipeline]) if whole else [] for pipeline in jobs}
        parts = [part for stages in rounds.values() for part in _parts(stages)]
        timed = [part for stages in rounds.values() for part in _parts(stages, self.timed)]
        keys = {part.work.key for part in parts if part.work} | {work.key for row in ends.values() for work in row}
        chosen = works_to_time(timed, sampled_works(ledger, self.host, keys))
        time_works(
            ledger, self.host, [*chosen, *(work for row in ends.values() for work in row)], self.measure, self.effort
        )
        known = KnownSeconds(parts, sampled_works(ledger, self.host, keys))
        return {pipeline: known.stage_seconds(rounds[pipeline], ends[pipeline]) for pipeline in jobs}

    def _rounds(self, jobs: Mapping[Pipeline, StageJobs], calls: StageCalls) -> dict[Pipeline, Stages]:
        """The calls of all jobs; equal jobs for one question are one."""
        same: dict[tuple[StageJob, str], StageRounds] = {}

        def of(job: StageJob, question: str) -> StageRounds:
            if (job, question) not in same:
                same[job, question] = calls.rounds(job, question)
            return same[job, question]

        return {
            pipeline: {
                stage: [job and of(job, question.id) for question, job in zip(self.questions, row, strict=False)]
                for stage, row in stages.items()
            }
            for pipeline, stages in jobs.items()
        }

    def _jobs(self, pipeline: Pipeline, traces: Sequence[Trace]) -> StageJobs:
        corpus = partial(self.recorded_calls.opened_components.corpus, pipeline)
        return {
            stage: [
                StageJob(component, trace.inputs[stage], corpus()) if _succeeded(trace, stage) else None
                for trace in traces
            ]
            for stage, component in pipeline.online.items()
        }

    def _whole(self, pipeline: Pipeline, stages: Stages) -> list[WorkItem]:
        """The whole pipeline on each timed question; none where it is not to be run."""
        if any(part.work is None or part.work.served for part in _parts(stages)):
            return []
        corpus = self.recorded_calls.opened_components.corpus(pipeline)
        operator_of = self.recorded_calls.opened_components.operators_for(corpus, for_timing=True)
        return [
            pipeline_work(pipeline, corpus, question.id, question.text, operator_of)
            for question in self.questions[: self.timed]
        ]


def works_to_time(parts: Iterable[CallGroup], known: SampledWorks) -> list[WorkItem]:
    """For each model the works that it still lacks, of all sizes: evenly spaced among those that could be timed."""
    of_key: defaultdict[str, dict[WorkItem, None]] = defaultdict(dict)
    for part in parts:
        if part.work:
            of_key[part.work.key][part.work] = None
    timed = Counter(key for key, _ in known)
    return [
        work
        for key, works in of_key.items()
        for work in _spread([work for work in works if (key, work.question) not in known], WORKS_TIMED - timed[key])
    ]


def _spread(works: Sequence[WorkItem], count: int) -> list[WorkItem]:
    """So many works, evenly spaced by how much they ask, with the least and the most."""
    if count <= 0 or len(works) <= count:
        return list(works)[: max(0, count)]
    ordered = sorted(works, key=lambda work: (extent(work.size), work.question))
    return [ordered[round(place)] for place in np.linspace(0, len(ordered) - 1, count)]


def _parts(stages: Stages, questions: int | None = None) -> list[CallGroup]:
    return [part for row in stages.values() for rounds in row[:questions] for part in parts_of(rounds)]


def _without_unknown(taken: PipelineSeconds) -> PipelineSeconds:
    """Seconds that nobody knows are missing, as those are of what failed."""
    seconds = {
        stage: tuple(None if value is None or math.isnan(value) else value for value in row)
        for stage, row in taken.seconds.items()
    }
    return replace(taken, seconds=seconds)


def _succeeded(trace: Trace, stage: str) -> bool:
    """Whether the stage ran and did not fail."""
    return stage in trace.inputs and not (trace.failure and stage == list(trace.inputs)[-1])
