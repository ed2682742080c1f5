"""Answering one question with a study's pipeline, as a served pipeline would, and saying what each stage did."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tradespace.components.base import ranking_of, run_directly
from tradespace.components.pipeline import Pipeline
from tradespace.explorer.running.workbench import Workbench
from tradespace.types import Answer, Ranking, Request


@dataclass(frozen=True, slots=True)
class Span:
    """One stage at work on one question."""

    stage: str
    component: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What a pipeline answered, the passages that it read, and where the time went. No reader, no answer."""

    question: str
    answer: Answer | None
    passages: Ranking
    spans: tuple[Span, ...]


def ask(pipeline: Pipeline, workbench: Workbench, question: str) -> Asked:
    """Answer a question. Models are loaded and indexes opened before the clock starts.

    Raises:
        ComponentError: a component could not be opened, or raised.
    """
    _run(pipeline, workbench, question)
    return _run(pipeline, workbench, question)


def _run(pipeline: Pipeline, workbench: Workbench, question: str) -> Asked:
    operator_of = workbench.operators_for(workbench.corpus(pipeline))
    request = Request(question)
    ranking: Ranking = ()
    answer: Answer | None = None
    spans: list[Span] = []
    for role, component in pipeline.online.items():
        start = time.perf_counter()
        outcome = run_directly(component.process(request), operator_of)
        spans.append(Span(str(role), repr(component), time.perf_counter() - start))
        if isinstance(outcome, Answer):
            answer = outcome
        else:
            ranking = ranking_of(outcome)
            request = request.with_ranking(ranking)
    return Asked(question, answer, ranking, tuple(spans))
