"""Timing the stages of pipelines on what they were given, and whole pipelines end to end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tradespace.components.base import Role
from tradespace.components.pipeline import Pipeline
from tradespace.explorer.caller import Caller
from tradespace.explorer.quiet import Effort, Sampled, known, time_works
from tradespace.explorer.results import Conditions
from tradespace.explorer.runner import Trace
from tradespace.explorer.stopwatch import Work, pipeline_work, stage_work
from tradespace.types import Question

Seconds = tuple[float | None, ...]
"""One value for each timed question; None where it failed or was not reached."""
Works = dict[Role, list[Work | None]]
"""What is timed for each stage of a pipeline, by question; None where it failed or was not reached."""


@dataclass(frozen=True, slots=True)
class StageSeconds:
    """Seconds by online stage, how they were timed, and seconds of the whole pipeline; empty where it was not run."""

    seconds: Mapping[str, Seconds]
    conditions: Conditions
    end_to_end: Seconds = ()


@dataclass(frozen=True)
class StageTimes:
    """Seconds per question of stages and of whole pipelines. Each distinct stage setting is timed once.

    Attributes:
        questions: those that are timed.
        host: what this machine is called in its timings.
        measure: the latency figure that is to be sure enough.
        effort: how much timing that is worth.
        whole: whether pipelines are run end to end as well, in turns with their stages.
    """

    caller: Caller
    questions: Sequence[Question]
    host: str
    measure: str
    effort: Effort
    whole: bool = False

    def of_stages(self, traces: Mapping[Pipeline, Sequence[Trace]]) -> dict[Pipeline, StageSeconds]:
        """Time what each stage was given, which `traces` say, the timed questions first."""
        works = {pipeline: self._works(pipeline, of_pipeline) for pipeline, of_pipeline in traces.items()}
        whole = {pipeline: self._whole(pipeline) if self.whole else [] for pipeline in traces}
        stages = [row for of_pipeline in works.values() for row in of_pipeline.values()]
        sampled = self._timed(work for row in (*stages, *whole.values()) for work in row)
        return {pipeline: _stage_seconds(works[pipeline], whole[pipeline], sampled) for pipeline in traces}

    def _timed(self, works: Iterable[Work | None]) -> dict[Work, Sampled]:
        distinct = list(dict.fromkeys(work for work in works if work))
        time_works(self.caller.ledger, self.host, distinct, self.measure, self.effort)
        return known(self.caller.ledger, self.host, distinct)

    def _works(self, pipeline: Pipeline, traces: Sequence[Trace]) -> Works:
        """What is to be timed: each online stage, on what it was given for the timed questions."""
        timed = list(zip(self.questions, traces, strict=False))
        return {
            role: [self._work(pipeline, role, question, trace) for question, trace in timed] for role in pipeline.online
        }

    def _work(self, pipeline: Pipeline, role: Role, question: Question, trace: Trace) -> Work | None:
        if not _succeeded(trace, role):
            return None
        corpus = self.caller.workbench.corpus(pipeline)
        operator_of = self.caller.workbench.operators_for(corpus)
        return stage_work(pipeline.stages[role], corpus, question.id, trace.inputs[role], operator_of)

    def _whole(self, pipeline: Pipeline) -> list[Work | None]:
        corpus = self.caller.workbench.corpus(pipeline)
        operator_of = self.caller.workbench.operators_for(corpus)
        return [pipeline_work(pipeline, corpus, one.id, one.text, operator_of) for one in self.questions]


def _stage_seconds(works: Works, whole: Sequence[Work | None], sampled: Mapping[Work, Sampled]) -> StageSeconds:
    seconds = {str(role): _row(row, sampled) for role, row in works.items()}
    found = [sampled[work] for row in works.values() for work in row if work and work in sampled]
    return StageSeconds(seconds, conditions_of(found), _row(whole, sampled))


def conditions_of(found: Sequence[Sampled]) -> Conditions:
    """How the works were timed that an evaluation's seconds rest on."""
    drifts = [one.drift for one in found if one.drift is not None]
    return Conditions(
        samples=sum(one.runs for one in found),
        disturbed=sum(one.disturbed for one in found),
        unsettled=sum(one.disturbed == one.runs for one in found),
        drift=round(median(drifts), 3) if drifts else None,
    )


def _row(works: Sequence[Work | None], sampled: Mapping[Work, Sampled]) -> Seconds:
    return tuple(sampled[work].seconds if work and work in sampled else None for work in works)


def _succeeded(trace: Trace, role: Role) -> bool:
    """Whether the stage ran and did not fail."""
    return role in trace.inputs and not (trace.failure and role is list(trace.inputs)[-1])
