"""Replies in plain text are read: what they ask for, or what is wrong with them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.agents.text import TEXT, closing_bracket
from tradespace.components.tools.calculator import Calculator
from tradespace.components.tools.search import SearchTool
from tradespace.types import Completion

TOOLS = (SearchTool(), Calculator())


def read(text: str) -> tuple[list[tuple[str, str]], str, str]:
    """The uses that a reply asks for, as names and texts; what is kept of it; and what is wrong."""
    reading = TEXT.read(Completion(text, 1, 1), TOOLS)
    return [(use.tool.name, use.text) for use in reading.uses], reading.said.content, reading.fault


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("Action: search[who wrote Hamlet]", ("search", "who wrote Hamlet")),
        ("Thought: look.\nAction: calculator[ 3 + 4 ]", ("calculator", "3 + 4")),
        ("**Action 2:** `Search[a[0] and b]` and so on", ("search", "a[0] and b")),
        ("action: calculator[3\n+ 4]\nmore", ("calculator", "3\n+ 4")),
        ("Action: search[a]\nAction: search[b]", ("search", "a")),
        ("Action: search[a]\nObservation: 7\nanswer: 7", ("search", "a")),
        ("The answer is not known.\nAction: search[a]", ("search", "a")),
    ],
)
def test_the_first_action_is_read(text: str, use: tuple[str, str]) -> None:
    """Up to the bracket that closes it; what follows was made up, and is not kept."""
    uses, said, fault = read(text)
    assert (uses, fault) == ([use], "")
    assert said.endswith("]")
    assert text.startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        "answer: 7",
        "Thought: it is 7.\nFinal Answer: 7",
        "so the answer is 7",
        "answer: 7\nAction: search[a]",
        "#### 7",
    ],
)
def test_an_answer_asks_for_nothing(text: str) -> None:
    """Though an action is made up behind it."""
    assert read(text) == ([], text, "")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "to use a tool, write a line that reads `Action:`"),
        ("Paris.", "or write a line that reads `answer:`"),
        ("Observation: 7\nanswer: 7", "to use a tool"),
        ("Action: search", "this is no action"),
        ("Action: search[a", "this is no action"),
        ("Action: search(a)", "this is no action"),
        ("Action: browse[a]", "there is no tool called 'browse'; use one of search, calculator"),
    ],
)
def test_what_is_neither_is_told(text: str, fault: str) -> None:
    """With what to do instead."""
    uses, _, told = read(text)
    assert uses == []
    assert fault in told


def test_the_instruction_names_every_tool() -> None:
    """With what its text is, and how to ask for the first."""
    told = TEXT.instruction(TOOLS).text
    assert "Action: search[query]" in told
    assert "\n- calculator[expression]: works out" in told


def naive_closing_bracket(text: str, start: int) -> int | None:
    """The first bracket up to which as many close as open."""
    return next(
        (
            place
            for place in range(start, len(text))
            if text[place] == "]" and text[start:place].count("[") == text[start:place].count("]")
        ),
        None,
    )


@given(st.text("[]a\n", max_size=12), st.integers(0, 4))
def test_brackets_close_as_in_the_definition(text: str, start: int) -> None:
    """The naive reference counts them anew at each place."""
    assert closing_bracket(text, start) == naive_closing_bracket(text, start)


PIECES = (
    "Action: ",
    "action:",
    "search",
    "calculator",
    "browse",
    "[",
    "]",
    "\n",
    "answer: ",
    "Observation: ",
    "a ",
    "7",
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_reply_is_read_as_line_by_line(text: str) -> None:
    """The naive reference goes through the lines, and takes the first that asks or answers."""
    uses, _, fault = read(text)
    assert (bool(uses), bool(fault)) == naive_kind(text)


def naive_kind(text: str) -> tuple[bool, bool]:
    """Whether a reply uses a tool, and whether it is faulty."""
    lines = text.split("\n")
    for place, line in enumerate(lines):
        head = line.lstrip(" \t>*_#-").lower()
        if head.startswith("observation"):
            text = "\n".join(lines[:place])
            break
        if head.startswith("answer:"):
            return False, False
        if head.startswith("action"):
            return naive_action("\n".join([line, *lines[place + 1 :]]))
    marked = [place for place in range(len(text)) if text.startswith("answer:", place)]
    return False, not any(place == 0 or not text[place - 1].isalnum() for place in marked)


def naive_action(text: str) -> tuple[bool, bool]:
    """The same of a text that begins with an action."""
    name, bracket, rest = text.partition(":")[2].partition("[")
    end = naive_closing_bracket(rest.partition("\nObservation")[0], 0)
    good = bool(bracket) and end is not None and name.strip().lower() in {"search", "calculator"}
    return good, not good
