"""Timing the stages of pipelines on what they were given, and whole pipelines end to end."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.replayed_calls import StageJob
from tradespace.explorer.running.runner import Trace
from tradespace.explorer.storage.timing_keys import CALIBRATION
from tradespace.explorer.timing.borrowing import with_borrowed
from tradespace.explorer.timing.call_sizes import extent
from tradespace.explorer.timing.known_seconds import KnownSeconds
from tradespace.explorer.timing.quiet import Effort, SampledWorks, known, sampled_works, time_works, timed_samples
from tradespace.explorer.timing.stage_calls import CallGroup, StageCalls, StageRounds
from tradespace.explorer.timing.stage_jobs import FAILED, JobNumbers, StageJobs
from tradespace.explorer.timing.stage_seconds import PipelineSeconds
from tradespace.explorer.timing.stage_table import StageTable, parts_of
from tradespace.explorer.timing.stopwatch import WorkItem, pipeline_work
from tradespace.types import Question

WORKS_TIMED = 36
"""Works that the latency model of one component is fitted to, where there are as many: calls of all sizes."""


@dataclass
class _Memory:
    """What was worked out to foretell, and holds when it is asked for again."""

    rounds: dict[StageJob, StageRounds] = field(default_factory=dict)
    table: StageTable | None = None


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
    _memory: _Memory = field(default_factory=_Memory, compare=False, repr=False)

    def of_stages(self, traces: Mapping[Pipeline, Sequence[Trace]]) -> dict[Pipeline, PipelineSeconds]:
        """What stages took on what they were given, which `traces` say, in the order of the questions."""
        taken = self._taken(traces, whole=self.whole, remember=False)
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
        return with_borrowed(self._taken(traces, whole=False, remember=True))

    def _taken(
        self, traces: Mapping[Pipeline, Sequence[Trace]], *, whole: bool, remember: bool
    ) -> dict[Pipeline, PipelineSeconds]:
        """Time what no model knows yet, and put together what pipelines take."""
        ledger = self.recorded_calls.ledger
        numbered = StageJobs(self.questions, self.recorded_calls.corpus)
        rows = {pipeline: numbered.numbers(pipeline, of_pipeline) for pipeline, of_pipeline in traces.items()}
        rounds = self._rounds(numbered, self._memory.rounds if remember else {})
        ends = {pipeline: self._whole(pipeline, rows[pipeline], rounds) if whole else [] for pipeline in traces}
        parts = [part for of_job in rounds for part in parts_of(of_job)]
        asked = zip(rounds, numbered.asked, strict=True)
        early = [part for of_job, place in asked if place < self.timed for part in parts_of(of_job)]
        keys = {part.work.key for part in parts if part.work} | {work.key for row in ends.values() for work in row}
        timed = sampled_works(ledger, self.host, keys)
        chosen = works_to_time([*early, *_of_other_kinds(parts, early, timed)], timed)
        if works := [*chosen, *(work for row in ends.values() for work in row)]:
            self._time(works)
            timed = sampled_works(ledger, self.host, keys)
        table = StageTable(KnownSeconds(parts, timed), rounds, self._memory.table if remember else None)
        if remember:
            self._memory.table = table
        return {pipeline: table.pipeline_seconds(rows[pipeline], ends[pipeline]) for pipeline in traces}

    def _time(self, works: Sequence[WorkItem]) -> None:
        """Time works, here or on the machine that is meant for it. Their ledger is here."""
        ledger, elsewhere = self.recorded_calls.ledger, self.recorded_calls.elsewhere
        if elsewhere is None:
            time_works(ledger, self.host, works, self.measure, self.effort)
            return
        timed = known(ledger, self.host, works)
        if pending := [work for work in dict.fromkeys(works) if work not in timed]:
            references = ledger.timings([CALIBRATION], self.host)
            ledger.add_samples(
                elsewhere(partial(timed_samples, references, self.host, pending, self.measure, self.effort))
            )

    def _rounds(self, numbered: StageJobs, known: dict[StageJob, StageRounds]) -> list[StageRounds]:
        """What every job does; where that is known for good it is kept in `known`."""
        opened = self.recorded_calls.opened_components
        unknown = [job for job in numbered.jobs if job not in known]
        calls = StageCalls(
            self.recorded_calls.ledger, unknown, lambda corpus: opened.operators_for(corpus, for_timing=True)
        )
        every: list[StageRounds] = []
        for job, place in zip(numbered.jobs, numbered.asked, strict=True):
            every.append(known[job] if job in known else calls.rounds(job, self.questions[place].id))
            if job not in known and calls.settled(job):
                known[job] = every[-1]
        return every

    def _whole(self, pipeline: Pipeline, jobs: JobNumbers, rounds: Sequence[StageRounds]) -> list[WorkItem]:
        """The whole pipeline on each timed question; none where it is not to be run."""
        used = (number for row in jobs.values() for number in row.tolist() if number != FAILED)
        if any(part.work is None or part.work.served for number in used for part in parts_of(rounds[number])):
            return []
        corpus = self.recorded_calls.corpus(pipeline)
        operator_of = self.recorded_calls.opened_components.operators_for(corpus, for_timing=True)
        return [
            pipeline_work(pipeline, corpus, question.id, question.text, operator_of)
            for question in self.questions[: self.timed]
        ]


def _of_other_kinds(parts: Sequence[CallGroup], early: Sequence[CallGroup], known: SampledWorks) -> list[CallGroup]:
    """Those of which no early part, and nothing that was timed, tells what they take: of what is done for a few later
    questions alone, such as those for which nothing was found."""
    told = {part.work.key for part in early if part.work} | {key for key, _ in known}
    return [part for part in parts if part.work and part.work.key not in told]


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


def _without_unknown(taken: PipelineSeconds) -> PipelineSeconds:
    """Seconds that nobody knows are missing, as those are of what failed."""
    seconds = {
        stage: tuple(None if value is None or math.isnan(value) else value for value in row)
        for stage, row in taken.seconds.items()
    }
    return replace(taken, seconds=seconds)
