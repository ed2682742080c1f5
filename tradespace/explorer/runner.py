"""Running many pipelines on many questions, each distinct call once.

Pipelines are walked stage by stage, all those on one corpus together. Pipelines with a common beginning share it;
behind it stages share by content: two retrievers that return the same passages make one request of the reader.
Processes run in rounds: the calls that all of them wait for are answered together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tradespace.components.base import Call, Component, Process, Role, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.pipeline import Pipeline
from tradespace.errors import ComponentError
from tradespace.explorer.caller import Caller
from tradespace.explorer.naming import naming
from tradespace.types import Answer, Failure, Outcome, Ranking, Request

Job = tuple[Component, Request]
"""A stage at work on one request; equal jobs are done once."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What one pipeline did with one question.

    Attributes:
        request: what the next stage is given.
        inputs: what each stage was given, by role.
        ranking: the passages after the last ranking stage; empty before the first.
        answer: the answer, if a stage gave one.
        failure: what went wrong, if anything; the stages after it did not run.
    """

    request: Request
    inputs: Mapping[Role, Request] = field(default_factory=dict)
    ranking: Ranking = ()
    answer: Answer | None = None
    failure: Failure | None = None

    def after(self, component: Component, outcome: Outcome | Failure) -> Trace:
        """The trace with one more stage done."""
        inputs = {**self.inputs, component.role: self.request}
        if isinstance(outcome, Failure):
            return replace(self, inputs=inputs, failure=Failure(f"{component.role}: {outcome.message}"))
        if isinstance(outcome, Answer):
            return replace(self, inputs=inputs, answer=outcome)
        ranking = ranking_of(outcome)
        return replace(self, inputs=inputs, ranking=ranking, request=self.request.with_ranking(ranking))


def run(caller: Caller, pipelines: Sequence[Pipeline], questions: Sequence[str]) -> dict[Pipeline, list[Trace]]:
    """Run every pipeline on every question; traces come in the order of the questions.

    Raises:
        BudgetSpent: the calls still to be made exceed the caller's budget.
    """
    traces: dict[Pipeline, list[Trace]] = {}
    for chunker in dict.fromkeys(pipeline.stages.get(Role.CHUNK) for pipeline in pipelines):
        group = [pipeline for pipeline in pipelines if pipeline.stages.get(Role.CHUNK) == chunker]
        traces.update(_run_on_one_corpus(caller, group, questions))
    return {pipeline: traces[pipeline] for pipeline in pipelines}


def _run_on_one_corpus(
    caller: Caller, pipelines: Sequence[Pipeline], questions: Sequence[str]
) -> dict[Pipeline, list[Trace]]:
    try:
        corpus = caller.workbench.corpus(pipelines[0])
    except ComponentError as error:
        failed = [Trace(Request(question), failure=Failure(f"chunk: {error}")) for question in questions]
        return dict.fromkeys(pipelines, failed)
    stages = {pipeline: tuple(pipeline.online.values()) for pipeline in pipelines}
    traces: dict[tuple[Component, ...], list[Trace]] = {(): [Trace(Request(question)) for question in questions]}
    for depth in range(1, max(map(len, stages.values())) + 1):
        prefixes = dict.fromkeys(stage[:depth] for stage in stages.values() if len(stage) >= depth)
        traces |= _advance(caller, corpus, {prefix: traces[prefix[:-1]] for prefix in prefixes})
    return {pipeline: traces[stages[pipeline]] for pipeline in pipelines}


def _advance(
    caller: Caller, corpus: Corpus, before: Mapping[tuple[Component, ...], list[Trace]]
) -> dict[tuple[Component, ...], list[Trace]]:
    """Take every prefix one stage further, its last; `before` holds the traces up to there."""
    jobs = [
        (prefix[-1], trace.request) for prefix, traces in before.items() for trace in traces if trace.failure is None
    ]
    outcomes = drive(caller, corpus, jobs)
    return {
        prefix: [
            trace if trace.failure else trace.after(prefix[-1], outcomes[prefix[-1], trace.request]) for trace in traces
        ]
        for prefix, traces in before.items()
    }


@dataclass(frozen=True, slots=True)
class Waiting:
    """A process that needs calls answered before it can go on."""

    process: Process
    calls: Sequence[Call]


def drive(caller: Caller, corpus: Corpus, jobs: Sequence[Job]) -> dict[Job, Outcome | Failure]:
    """Run the processes of all distinct jobs side by side, in rounds of calls that are answered together."""
    states = {job: _step(job, job[0].process(job[1]), None) for job in dict.fromkeys(jobs)}
    while waiting := {job: state for job, state in states.items() if isinstance(state, Waiting)}:
        answered = caller.outcomes((call for state in waiting.values() for call in state.calls), corpus)
        for job, state in waiting.items():
            states[job] = _resume(job, state, [answered[call] for call in state.calls])
    return {job: state for job, state in states.items() if not isinstance(state, Waiting)}


def _resume(job: Job, state: Waiting, outcomes: Sequence[Outcome | Failure]) -> Waiting | Outcome | Failure:
    """Send a process what it waited for; one of whose calls failed is closed with that failure."""
    received: list[Outcome] = []
    for outcome in outcomes:
        if isinstance(outcome, Failure):
            state.process.close()
            return outcome
        received.append(outcome)
    return _step(job, state.process, received)


def _step(job: Job, process: Process, outcomes: Sequence[Outcome] | None) -> Waiting | Outcome | Failure:
    try:
        with naming(job[0]):
            return _send(process, outcomes)
    except ComponentError as error:
        return Failure(str(error))


def _send(process: Process, outcomes: Sequence[Outcome] | None) -> Waiting | Outcome:
    try:
        return Waiting(process, next(process) if outcomes is None else process.send(outcomes))
    except StopIteration as finished:
        return finished.value  # type: ignore[no-any-return]
