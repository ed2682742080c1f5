"""Answering one question with a study's pipeline, as a served pipeline would, and saying what each stage did."""

from __future__ import annotations

import time
from dataclasses import dataclass

from tradespace.components.base import Component, Operator, Pipeline, ranking_of
from tradespace.components.direct import OperatorOf
from tradespace.encoding import encodable
from tradespace.explorer.running.exchanges import Exchange, overheard
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replayed_calls import is_own_server, is_remote
from tradespace.explorer.running.stages import run_stages
from tradespace.explorer.running.warming import warm_up
from tradespace.types import Answer, Ranking, Request


@dataclass(frozen=True, slots=True)
class Span:
    """One stage at work on one question."""

    stage: str
    component: str
    seconds: float


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """What a pipeline answered, the passages that it read, where the time went, and what language models were sent and
    replied. No reader, no answer."""

    question: str
    answer: Answer | None
    passages: Ranking
    spans: tuple[Span, ...]
    exchanges: tuple[Exchange, ...] = ()


def answer_question(pipeline: Pipeline, opened_components: OpenedComponents, question: str) -> AnsweredQuestion:
    """Answer a question, once: every call is paid for once, and no cache has seen it.

    Models are loaded, indexes opened and both warmed up before the clock starts, on other words than the question's. A
    server of one's own is asked to read prompts as if they came for the first time; what it had kept all the same is
    told by the exchanges. A provider is asked as always: what it has kept is cheaper.
    Halves of surrogate pairs in the question are replaced by U+FFFD.

    Raises:
        ComponentError: a component could not be opened, or raised.
    """
    corpus = opened_components.corpus(pipeline)

    def operator_of(component: Component) -> Operator:
        apart = not is_remote(component) or is_own_server(component)
        return opened_components.operator(component, corpus, for_timing=apart)

    warm_up(pipeline.online.values(), corpus, operator_of)
    return _run(pipeline, operator_of, encodable(question))


def _run(pipeline: Pipeline, operator_of: OperatorOf, question: str) -> AnsweredQuestion:
    ranking: Ranking = ()
    answer: Answer | None = None
    spans: list[Span] = []
    exchanges: list[Exchange] = []
    start = time.perf_counter()
    for stage, component, outcome, _ in run_stages(pipeline, Request(question), overheard(operator_of, exchanges)):
        spans.append(Span(stage, repr(component), time.perf_counter() - start))
        if isinstance(outcome, Answer):
            answer = outcome
        else:
            ranking = ranking_of(outcome)
        start = time.perf_counter()
    return AnsweredQuestion(question, answer, ranking, tuple(spans), tuple(exchanges))
