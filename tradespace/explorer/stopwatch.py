"""Quiet timing: one request at a time, in a batch of one, warm, on its own.

What is timed is *work*: one stage's component on requests of one shape, or a whole pipeline. Each distinct work is
timed once per question and host, however many pipelines contain it. Works are timed in turns, question by question, so
that a machine that drifts slows all of them alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tradespace.components.base import Component, Operator, ranking_of, run_directly
from tradespace.components.corpus import Corpus, digest
from tradespace.components.pipeline import Pipeline
from tradespace.errors import ComponentError
from tradespace.explorer.host import conditions, host_name
from tradespace.explorer.ledger import Ledger, Timing
from tradespace.explorer.naming import naming
from tradespace.types import Answer, Request

WARM_UP = 2
"""Untimed runs of each work before its first sample: caches fill, threads start."""


@dataclass(frozen=True, slots=True)
class Work:
    """Something to be timed: `run` does it for a request; `requests` are by question id."""

    key: str
    run: Callable[[Request], object]
    requests: Mapping[str, Request]


def stage_work(
    component: Component, corpus: Corpus, requests: Mapping[str, Request], operator_of: Callable[[Component], Operator]
) -> Work:
    """One stage on what it was given. Stages that make calls of the same shape are the same work."""
    shape = max((_shape(component, request) for request in requests.values()), default="")
    key = digest([corpus.key, component.key, shape])
    return Work(key, lambda request: run_directly(component.process(request), operator_of), requests)


def pipeline_work(
    pipeline: Pipeline, corpus: Corpus, operator_of: Callable[[Component], Operator], questions: Mapping[str, str]
) -> Work:
    """A whole pipeline end to end, as a user would wait for it. `questions` are texts by id."""
    key = digest([corpus.key, str(pipeline)])
    requests = {name: Request(text) for name, text in questions.items()}
    return Work(key, lambda request: answer(pipeline, request, operator_of), requests)


def answer(pipeline: Pipeline, request: Request, operator_of: Callable[[Component], Operator]) -> Answer | Request:
    """Run a pipeline's online stages one after the other, nothing shared: the way a served pipeline works.

    Returns the answer, or the request with its final passages where no stage answers.
    """
    for component in pipeline.online.values():
        outcome = run_directly(component.process(request), operator_of)
        if isinstance(outcome, Answer):
            return outcome
        request = request.with_ranking(ranking_of(outcome))
    return request


def measure(ledger: Ledger, works: Sequence[Work], questions: Sequence[str]) -> None:
    """Time every work on every question that the ledger has no sample of for this host, and record the samples.

    Work that raises for a question gets no sample there.
    """
    host = host_name()
    pending = [(work, _untimed(ledger, host, work, questions)) for work in works]
    for work, ids in pending:
        for question in ids[:1] * WARM_UP:
            _seconds(work, question)
    for question in questions:
        due = [work for work, ids in pending if question in ids]
        samples = [(work, _seconds(work, question)) for work in due]
        ledger.record(
            [Timing(host, work.key, question, taken, conditions()) for work, taken in samples if taken is not None]
        )


def timed(ledger: Ledger, work: Work, questions: Sequence[str]) -> tuple[float | None, ...]:
    """Seconds per question, the median where there are several samples; None where there is none."""
    samples = ledger.seconds(host_name(), work.key)
    return tuple(median(samples[question]) if question in samples else None for question in questions)


def _untimed(ledger: Ledger, host: str, work: Work, questions: Sequence[str]) -> list[str]:
    known = ledger.seconds(host, work.key)
    return [question for question in questions if question in work.requests and question not in known]


def _seconds(work: Work, question: str) -> float | None:
    request = work.requests[question]
    start = time.perf_counter()
    try:
        with naming(None):
            work.run(request)
    except ComponentError:
        return None
    return time.perf_counter() - start


def _shape(component: Component, request: Request) -> str:
    """How much a stage is given: the calls it makes first, and the passages in each."""
    process = component.process(request)
    try:
        calls = next(process)
        given = [call.request if isinstance(call.request, Request) else request for call in calls]
        named = zip(calls, given, strict=True)
        return ",".join(f"{call.component.name}:{len(one.passages):04}" for call, one in named)
    except StopIteration:
        return ""
    finally:
        process.close()
