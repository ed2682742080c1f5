"""Pipelines one at a time, one question at a time: by hand, and as LangChain runnables."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from langchain_core.runnables import Runnable, RunnableLambda

from tradespace.components.base import Component, Pipeline
from tradespace.components.direct import OperatorOf, run_directly
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.timing.stopwatch import answer
from tradespace.types import Answer, Request


def naive_seconds(opened_components: OpenedComponents, pipeline: Pipeline, questions: Sequence[str]) -> float:
    """Wall time of the plainest loop there is."""
    operator_of = opened_components.operators_for(opened_components.corpus(pipeline))
    start = time.perf_counter()
    for question in questions:
        answer(pipeline, Request(question), operator_of)
    return time.perf_counter() - start


def langchain_seconds(opened_components: OpenedComponents, pipeline: Pipeline, questions: Sequence[str]) -> float:
    """Wall time of a loop over a chain whose steps are the very same components."""
    chain = runnable(pipeline, opened_components.operators_for(opened_components.corpus(pipeline)))
    start = time.perf_counter()
    for question in questions:
        chain.invoke(Request(question))
    return time.perf_counter() - start


def runnable(pipeline: Pipeline, operator_of: OperatorOf) -> Runnable[Request, Request | Answer]:
    """The pipeline as a `RunnableSequence`, a step for each stage."""
    first, *others = (RunnableLambda(_step(component, operator_of)) for component in pipeline.online.values())
    chain: Runnable[Request, Request | Answer] = first
    for step in others:
        chain = chain | step
    return chain


def _step(component: Component, operator_of: OperatorOf) -> Callable[[Request], Request | Answer]:
    def step(request: Request) -> Request | Answer:
        outcome = run_directly(component.process(request), operator_of)
        return request.with_ranking(outcome) if isinstance(outcome, tuple) else outcome

    return step
