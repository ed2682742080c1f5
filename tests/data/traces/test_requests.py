"""Requests out of spans that overlap, nest and lack things."""

from __future__ import annotations

from typing import Any

import pytest

from tradespace.data.traces import RecordedSpan, recorded_requests
from tradespace.data.traces.fields import asked_in


def span(
    name: str, parent: str = "", start: float = 0.0, seconds: float | None = 1.0, **attributes: Any
) -> RecordedSpan:
    """A span of one trace; double underscores in names of attributes stand for dots."""
    named = {key.replace("__", "."): value for key, value in attributes.items()}
    return RecordedSpan("t", name, parent, 100.0 + start, seconds, failed=False, attributes=named)


def llm(name: str, parent: str = "", start: float = 0.0, seconds: float | None = 1.0, tokens: int = 5) -> RecordedSpan:
    """A call of a model."""
    counts = {"llm__token_count__prompt": tokens, "llm__token_count__completion": 1}
    return span(name, parent, start, seconds, openinference__span__kind="LLM", **counts)


def test_what_runs_side_by_side_takes_its_time_once() -> None:
    """Of a stage's spans the seconds count in which any is under way; tokens add up."""
    spans = [span("root", seconds=10), llm("a", "root", 1, 3), llm("b", "root", 2, 4), llm("c", "root", 8, 1)]
    (request,) = recorded_requests(spans)
    assert request.stages["generate"].seconds == 6.0
    assert (request.tokens_in, request.tokens_out) == (15, 3)


def test_a_call_that_two_libraries_note_counts_once() -> None:
    """A framework's span of a model, and the client's within it."""
    outer = [span("root", seconds=10), llm("framework", "root", 1, 4)]
    spans = [*outer, span("middle", "framework"), llm("client", "middle", 2, 2)]
    (request,) = recorded_requests(spans)
    assert request.stages["generate"].seconds == 4.0 and request.tokens_in == 5


def test_spans_that_are_their_own_parents_end() -> None:
    """A recording may hold circles."""
    (request,) = recorded_requests([llm("a", "b"), llm("b", "a"), llm("c", "c")])
    assert request.arrived == 100.0


def test_a_trace_without_its_outermost_span_is_a_request_all_the_same() -> None:
    """It takes from its first span to the end of its last; one of which nobody says how long it took is untimed."""
    (request,) = recorded_requests([llm("a", "gone", 1, None), llm("b", "gone", 3, 2)])
    assert (request.arrived, request.seconds) == (101.0, 2.0)
    (untimed,) = recorded_requests([llm("a", seconds=None)])
    assert untimed.seconds is None and untimed.stages["generate"].seconds is None


def test_the_question_is_that_of_the_whole() -> None:
    """Not what a model within was sent."""
    spans = [
        span("model", "root", openinference__span__kind="LLM", input__value="Context. Who?"),
        span("root", seconds=5, input__value="Who?"),
    ]
    (request,) = recorded_requests(spans)
    assert request.question == "Who?"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Who?", "Who?"),
        ('{"question": "Who?", "context": "long"}', "Who?"),
        ({"args": ["Who?"], "kwargs": {}}, "Who?"),
        ([{"role": "user", "content": "When?"}, {"role": "user", "content": "Who?"}], "Who?"),
        ({"messages": [{"type": "human", "content": "Who?"}]}, "Who?"),
        ([{"role": "user", "content": [{"type": "text", "text": "Who?"}]}], "Who?"),
        ("{not JSON", "{not JSON"),
        (5, ""),
        ({"top_k": 3}, ""),
        ([], ""),
    ],
)
def test_what_was_asked_is_found_in_inputs_of_any_shape(value: Any, text: str) -> None:
    """A text, or what stands under a usual name, or was said last by the user."""
    assert asked_in(value) == text
