"""Calls that are made at once: batched by component, and what goes wrong is said."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tradespace.components.base import Call, Operator, Process, answer_of
from tradespace.components.direct import call_together, run_directly
from tradespace.components.readers.llm import LLMReader
from tradespace.components.readers.sentence import SentenceReader
from tradespace.types import Answer, Outcome, Request


def test_calls_of_one_component_go_together() -> None:
    """Calls that are yielded together reach each operator as one batch, and come back in order."""
    batches: list[list[str]] = []

    def operator_of(component: object) -> Operator:
        def operate(requests: Sequence[Request]) -> list[Outcome]:
            batches.append([request.question for request in requests])
            return [Answer(f"{component}: {request.question}", 0.0) for request in requests]

        return operate

    calls = [Call(LLMReader(), Request("a")), Call(SentenceReader(), Request("b")), Call(LLMReader(), Request("c"))]
    answers = [answer_of(outcome).text for outcome in call_together(calls, operator_of)]
    assert answers == ["llm(): a", "sentence(): b", "llm(): c"]
    assert batches == [["a", "c"], ["b"]]


def test_a_process_is_driven_to_its_end() -> None:
    """Each batch of calls is answered before the process goes on."""

    def process() -> Process:
        first = yield (Call(SentenceReader(), Request("one")),)
        second = yield (Call(SentenceReader(), Request(answer_of(first[0]).text + " two")),)
        return second[0]

    outcome = run_directly(
        process(), lambda _: lambda requests: [Answer(request.question, 0.0) for request in requests]
    )
    assert answer_of(outcome).text == "one two"


def test_an_operator_that_runs_out_ends_no_process() -> None:
    """What an operator raises is never taken for the end of the process that called it: `StopIteration` neither."""
    closed: list[str] = []

    def process() -> Process:
        try:
            yield (Call(SentenceReader(), Request("one")),)
        finally:
            closed.append("closed")
        return Answer("never reached", 0.0)

    def operate(requests: Sequence[Request]) -> list[Outcome]:
        return [next(iter(()))]

    with pytest.raises(StopIteration):
        run_directly(process(), lambda _: operate)
    assert closed == ["closed"]
