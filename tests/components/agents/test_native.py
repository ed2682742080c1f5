"""Native calls are read: what they ask for, or what is wrong with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.agents.native import NATIVE
from tradespace.components.tools.calculator import Calculator
from tradespace.components.tools.search import SearchTool
from tradespace.types import Completion, Message, ToolCall

TOOLS = (SearchTool(), Calculator())


def calling(*calls: ToolCall) -> Completion:
    """A reply that calls tools."""
    return Completion("Let me see.", 1, 1, tool_calls=calls)


def test_calls_of_one_reply_are_used_together() -> None:
    """In their order; the reply is kept with them."""
    calls = ToolCall("search", '{"query": " hats "}'), ToolCall("calculator", '{"expression": "3 + 4", "why": "sum"}')
    reading = NATIVE.read(calling(*calls), TOOLS)
    assert [(use.tool.name, use.text) for use in reading.uses] == [("search", "hats"), ("calculator", "3 + 4")]
    assert (reading.said, reading.fault) == (Message("assistant", "Let me see.", calls), "")
    assert [message.role for message in NATIVE.observed(["Ada has hats.", "7"])] == ["tool", "tool"]


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (ToolCall("browse", "{}"), "there is no tool called 'browse'; use one of search, calculator"),
        (ToolCall("search", ""), "search takes a JSON object with one text, `query`"),
        (ToolCall("search", '{"query": '), "search takes a JSON object"),
        (ToolCall("search", '["hats"]'), "search takes a JSON object"),
        (ToolCall("search", '{"query": 7}'), "given: {"),
        (ToolCall("search", '{"expression": "7"}'), "one text, `query`"),
    ],
)
def test_a_malformed_call_is_told(call: ToolCall, fault: str) -> None:
    """And those beside it are not used either."""
    reading = NATIVE.read(calling(ToolCall("search", '{"query": "hats"}'), call), TOOLS)
    assert fault in reading.fault


def test_a_reply_without_calls_is_an_answer() -> None:
    """Marked or not."""
    reading = NATIVE.read(Completion("Ada", 1, 1), TOOLS)
    assert (reading.uses, reading.fault) == ((), "")


@given(st.sampled_from(["search", "calculator"]) | st.text(max_size=9), st.text(max_size=30) | st.just("[" * 100_000))
def test_whatever_is_called_is_read(name: str, arguments: str) -> None:
    """As a use or as a fault."""
    reading = NATIVE.read(calling(ToolCall(name, arguments)), TOOLS)
    assert bool(reading.uses) is not bool(reading.fault)
