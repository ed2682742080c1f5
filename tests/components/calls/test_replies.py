"""A reply that is no answer is told from one that is, and says why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tradespace.components.calls.replies import finish, heard
from tradespace.testing.language_model_contract import PROMPT
from tradespace.types import Completion, NoAnswer, ToolCall

SAID = Completion("Rome", 10, 3)


def fault(completion: Completion, **more: object) -> str:
    """Why a completion is no answer."""
    reply = heard(PROMPT, completion, **more)  # type: ignore[arg-type]
    assert isinstance(reply, NoAnswer)
    return reply.message


@pytest.mark.parametrize("text", ["", " \n"])
def test_nothing_is_no_answer(text: str) -> None:
    """A blank would be right wherever the right answer is that there is none."""
    assert fault(replace(SAID, text=text)) == "the reply is empty"


def test_nothing_is_an_answer_where_it_was_asked_for() -> None:
    """Who takes notes may find nothing to note; who was cut off did not."""
    noting = replace(PROMPT, may_be_empty=True)
    assert heard(noting, replace(SAID, text="")) == replace(SAID, text="")
    assert isinstance(heard(noting, replace(SAID, text="", finish_reason="length")), NoAnswer)


def test_asking_for_a_tool_is_an_answer() -> None:
    """With nothing else said, and whatever the server calls it; but not if it was withheld."""
    asking = Completion("", 10, 3, tool_calls=(ToolCall("search", "{}"),))
    assert [heard(PROMPT, asking, reason=reason) for reason in ("tool_calls", "tool_use", "stop")] == [asking] * 3
    assert "withheld" in fault(asking, reason="content_filter")
    assert "withheld" in fault(SAID, reason="tool_calls")


def test_thoughts_that_were_cut_off_are_no_answer() -> None:
    """The message names the limit and what to do; the reply, which was paid for, is kept."""
    cut = Completion("<think>Is it", 10, 40, "length")
    assert "cut off at max_tokens=40 while it was still thinking: raise `max_tokens`" in fault(cut)
    reply = heard(PROMPT, cut)
    assert isinstance(reply, NoAnswer)
    assert reply.reply == Completion("", 10, 40, "length", thoughts="Is it")


def test_a_reply_that_was_cut_off_before_anything_could_be_read_is_no_answer() -> None:
    """As of models whose thoughts are never shown."""
    assert "cut off at max_tokens=40 before" in fault(Completion("", 10, 40, "length"))


def test_thoughts_alone_are_no_answer() -> None:
    """Whether they stand in the text or beside it."""
    assert "no answer after them" in fault(Completion("<think>Rome</think>", 10, 9))
    assert "no answer after them" in fault(Completion("", 10, 9, thoughts="Rome"))


def test_a_refusal_is_no_answer() -> None:
    """It is quoted."""
    assert fault(replace(SAID, text=""), refusal="I can't help with that") == (
        'the model refuses to answer: "I can\'t help with that"'
    )


@pytest.mark.parametrize("reason", ["content_filter", "SAFETY", "refusal", "tool_calls"])
def test_what_was_withheld_is_no_answer(reason: str) -> None:
    """Whatever came before it."""
    assert repr(reason) in fault(SAID, reason=reason)


@pytest.mark.parametrize("reason", ["stop", "end_turn", "STOP", "eos_token", "", None])
def test_an_answer_stays_as_it_is(reason: str | None) -> None:
    """However its server says that it ended."""
    assert heard(PROMPT, SAID, reason=reason) == SAID


def test_an_answer_that_was_cut_off_is_one() -> None:
    """It says so by its finish reason, and is counted."""
    assert heard(PROMPT, replace(SAID, finish_reason="length")) == replace(SAID, finish_reason="length")
    assert [finish(reason) for reason in ("length", "max_tokens", "MAX_TOKENS", "stop")] == ["length"] * 3 + ["stop"]


def test_thoughts_are_kept_beside_the_answer() -> None:
    """Those of a field of their own, and those in the text."""
    both = heard(PROMPT, Completion("<think>b</think>Rome", 10, 9, thoughts="a"))
    assert both == Completion("Rome", 10, 9, thoughts="a\nb")
