"""Running many pipelines on many questions, each distinct call once.

Questions are streamed through in blocks. In a block, pipelines are walked stage by stage, all those on one corpus
together. Pipelines with a common beginning share it; behind it stages share by content: two retrievers that return the
same passages make one request of the reader. Equal requests are one object, so that sharing costs one look-up by
identity for each pipeline and question, however many passages a request holds.

A stage is run question by question, for all pipelines: what a component does once for each question of a batch, such as
encoding it, is then done in one or two batches, not in every batch of the block.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tradespace.components.base import Component, Pipeline
from tradespace.components.corpus import Corpus
from tradespace.components.roles import stage_names
from tradespace.errors import ComponentError
from tradespace.explorer.results import NO_REPLIES, Replies
from tradespace.explorer.running.call_answers import Answers, Assumed
from tradespace.explorer.running.jobs import Done, Job, run_jobs
from tradespace.garbage_collection import garbage_collection_paused
from tradespace.types import Answer, Failure, NoAnswer, Outcome, Ranking, Request

TRACES_AT_ONCE = 200_000
"""Traces that a block of questions may have, by the number of pipelines."""
QUESTIONS_AT_ONCE = (16, 256)
"""Questions in a block, at least and at most: enough to fill the batches of most components."""

CORPUS = "corpus"
"""Where pipelines fail whose documents cannot be read or cut."""
NO_ANSWER = Replies(no_answer=1)
"""What a failure counts that is a reply without an answer."""

Prefix = tuple[Component, ...]
"""The first online stages of a pipeline."""


class Lacking(NamedTuple):
    """Calls that were not made.

    Attributes:
        missing: those that are known to be needed.
        further: those that are needed if the missing ones come to what is assumed.
    """

    missing: tuple[Assumed, ...] = ()
    further: tuple[Assumed, ...] = ()


class Trace(NamedTuple):
    """What one pipeline did with one question, its last stage first.

    Attributes:
        request: what the next stage is given.
        before: the trace up to the last stage; None where none ran yet.
        stage: the name of the last stage; None where none ran yet, or where there is no corpus.
        outcome: what the last stage returned.
        last_replies: how language models replied to the last stage.
        last_missing, last_further: calls of the last stage that were not made, as in `Done`.
    """

    request: Request
    before: Trace | None = None
    stage: str | None = None
    outcome: Outcome | Failure | None = None
    last_replies: Replies = NO_REPLIES
    last_missing: tuple[Assumed, ...] = ()
    last_further: tuple[Assumed, ...] = ()

    @property
    def lacking(self) -> Lacking:
        """The calls that were not made. From the first stage that lacks any, all else is assumed."""
        before = self.before.lacking if self.before else Lacking()
        if not before.missing:
            return Lacking(self.last_missing, self.last_further)
        return Lacking(before.missing, before.further + self.last_missing + self.last_further)

    @property
    def replies(self) -> Replies:
        """How language models replied to all stages."""
        before = self.before.replies if self.before else NO_REPLIES
        return before + self.last_replies + (NO_ANSWER if isinstance(self.outcome, NoAnswer) else NO_REPLIES)

    @property
    def unfinished(self) -> bool:
        """Whether there is no answer for want of tokens: that is no abstention, and never right."""
        return self.answer is not None and not self.answer.text and self.last_replies.cut_off > 0

    @property
    def inputs(self) -> dict[str, Request]:
        """What each stage was given, by its name, in order."""
        if self.before is None or self.stage is None:
            return {}
        return {**self.before.inputs, self.stage: self.before.request}

    @property
    def ranking(self) -> Ranking:
        """The passages after the last ranking stage; empty before the first."""
        if isinstance(self.outcome, tuple):
            return self.outcome
        return self.before.ranking if self.before else ()

    @property
    def answer(self) -> Answer | None:
        """The answer, if a stage gave one."""
        return self.outcome if isinstance(self.outcome, Answer) else None

    @property
    def failure(self) -> Failure | None:
        """What went wrong, if anything; the stages after it did not run."""
        if not isinstance(self.outcome, Failure):
            return None
        return Failure(f"{self.stage or CORPUS}: {self.outcome.message}")


Traces = dict[Pipeline, list[Trace]]
"""Traces of every pipeline, in the order of the questions."""


def run(answers: Answers, pipelines: Sequence[Pipeline], questions: Sequence[str]) -> Traces:
    """Run every pipeline on every question; traces come in the order of the questions.

    Raises:
        BudgetSpent: the calls still to be made exceed the caller's budget.
    """
    traces: Traces = {pipeline: [] for pipeline in pipelines}
    for block in stream(answers, pipelines, questions):
        for pipeline, of_pipeline in block.items():
            traces[pipeline] += of_pipeline
    return traces


def make_calls(answers: Answers, pipelines: Sequence[Pipeline], questions: Sequence[str]) -> None:
    """Run pipelines for the calls that are made, and keep no trace.

    Raises:
        BudgetSpent: the calls still to be made exceed the caller's budget.
    """
    for _ in stream(answers, pipelines, questions):
        pass


def stream(answers: Answers, pipelines: Sequence[Pipeline], questions: Sequence[str]) -> Iterator[Traces]:
    """Run block after block of the questions, in order, and give the traces of each.

    At any time the traces of one block are held: `TRACES_AT_ONCE` for each stage that pipelines do not share, or those
    of 16 questions where that is more; besides them the outcomes of the stage that is running.

    Raises:
        BudgetSpent: the calls still to be made exceed the caller's budget.
    """
    groups = _by_corpus(pipelines)
    least, most = QUESTIONS_AT_ONCE
    width = min(max(TRACES_AT_ONCE // max(1, len(pipelines)), least), most)
    for start in range(0, len(questions), width):
        texts = questions[start : start + width]
        traces: Traces = {}
        with garbage_collection_paused():
            for stages in groups:
                traces |= _run_on_one_corpus(answers, stages, texts)
        yield {pipeline: traces[pipeline] for pipeline in pipelines}


def _by_corpus(pipelines: Sequence[Pipeline]) -> list[dict[Pipeline, Prefix]]:
    """Online stages of pipelines, in groups that search one corpus; equal components are one object."""
    groups: dict[tuple[Component, ...], dict[Pipeline, Prefix]] = {}
    same: dict[Component, Component] = {}
    for pipeline in pipelines:
        stages = tuple(same.setdefault(component, component) for component in pipeline.online.values())
        groups.setdefault(pipeline.corpus_stages, {})[pipeline] = stages
    return list(groups.values())


def _run_on_one_corpus(answers: Answers, stages: Mapping[Pipeline, Prefix], questions: Sequence[str]) -> Traces:
    try:
        corpus = answers.corpus(next(iter(stages)))
    except ComponentError as error:
        return {name: [Trace(Request(text), outcome=Failure(str(error))) for text in questions] for name in stages}
    same: dict[Request, Request] = {}
    traces: dict[Prefix, list[Trace]] = {(): [Trace(_only(same, Request(text))) for text in questions]}
    for depth in range(1, max(map(len, stages.values())) + 1):
        prefixes = dict.fromkeys(prefix[:depth] for prefix in stages.values() if len(prefix) >= depth)
        advanced, calls = _advance(answers, corpus, {prefix: traces[prefix[:-1]] for prefix in prefixes}, same)
        answers.count(sum(calls[prefix[:depth]] for prefix in stages.values() if len(prefix) >= depth))
        traces |= advanced
    return {pipeline: traces[prefix] for pipeline, prefix in stages.items()}


def _only(same: dict[Request, Request], request: Request) -> Request:
    """The one object for all equal requests."""
    return same.setdefault(request, request)


def _advance(
    answers: Answers, corpus: Corpus, before: Mapping[Prefix, list[Trace]], same: dict[Request, Request]
) -> tuple[dict[Prefix, list[Trace]], dict[Prefix, int]]:
    """Take every prefix one stage further, its last; `before` holds the traces up to there.

    Returns the traces, and the calls that each prefix's last stage would make if it ran alone.
    """
    jobs: dict[tuple[int, int], Job] = {
        (id(prefix[-1]), id(trace.request)): (prefix[-1], trace.request)
        for traces in zip(*before.values(), strict=True)
        for prefix, trace in zip(before, traces, strict=True)
        if not isinstance(trace.outcome, Failure)
    }
    done = dict(zip(jobs, run_jobs(answers, corpus, list(jobs.values())), strict=True))
    after = {job: _request_after(request, done[job].outcome, same) for job, (_, request) in jobs.items()}

    def step(trace: Trace, component: Component, stage: str) -> Trace:
        job = (id(component), id(trace.request))
        ended = done[job]
        return Trace(after[job], trace, stage, ended.outcome, ended.replies, ended.missing, ended.further)

    stages = {prefix: stage_names(component.role for component in prefix)[-1] for prefix in before}
    advanced = {
        prefix: [
            trace if isinstance(trace.outcome, Failure) else step(trace, prefix[-1], stages[prefix]) for trace in traces
        ]
        for prefix, traces in before.items()
    }
    return advanced, {prefix: _calls(prefix[-1], traces, done) for prefix, traces in before.items()}


def _request_after(request: Request, outcome: Outcome | Failure, same: dict[Request, Request]) -> Request:
    """What the stage behind is given."""
    return request if isinstance(outcome, Failure) else _only(same, request.after(outcome))


def _calls(component: Component, traces: Sequence[Trace], done: Mapping[tuple[int, int], Done]) -> int:
    return sum(
        done[id(component), id(trace.request)].calls for trace in traces if not isinstance(trace.outcome, Failure)
    )
