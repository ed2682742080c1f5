"""Calls of language models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields, replace
from typing import Any, ClassVar

from tradespace.components.calls.base import CHARACTERS_PER_TOKEN, CallKind, StandIn
from tradespace.components.calls.replies import heard
from tradespace.components.corpus import Corpus
from tradespace.components.sound import sound_number, sound_or_none, sound_text
from tradespace.types import Completion, NoAnswer, Prompt, ToolCall

COMPLETION_FIELDS = tuple(field.name for field in fields(Completion) if field.name != "tool_calls")
"""What is stored of every completion; calls of tools follow where there are any."""


class CompletionCall(CallKind):
    """A prompt is given, and a completion comes back."""

    given: ClassVar[type[Any]] = Prompt
    outcome: ClassVar[type[Any]] = Completion
    expected: ClassVar[str] = "a Completion"
    mark: ClassVar[str] = "completion"

    def address(self, given: Prompt) -> list[str]:
        messages = [text for message in given.messages for text in (message.role, message.content)]
        drawing = (given.temperature, given.top_p, given.max_tokens, given.stop, given.seed, given.sample)
        return [repr(drawing), *messages, *_address_of_tools(given), *_address_of_schema(given)]

    def texts(self, given: Prompt) -> Sequence[str]:
        asked = [call.arguments for message in given.messages for call in message.tool_calls]
        return [*(message.content for message in given.messages), *asked, *(tool.meaning for tool in given.tools)]

    def checked(self, component: object, outcome: Completion) -> Completion:
        for name in ("tokens_in", "tokens_out"):
            sound_number(component, name, getattr(outcome, name))
        return replace(
            outcome,
            text=sound_text(component, "a completion's text", outcome.text),
            thoughts=sound_text(component, "a completion's thoughts", outcome.thoughts),
            log_probability=sound_or_none(component, "a completion's log_probability", outcome.log_probability),
            usd=sound_or_none(component, "a completion's usd", outcome.usd),
            tool_calls=tuple(_sound_call(component, call) for call in outcome.tool_calls),
        )

    def written(self, outcome: Completion, corpus: Corpus) -> list[Any]:
        calls = [astuple(call) for call in outcome.tool_calls]
        return [*(getattr(outcome, name) for name in COMPLETION_FIELDS), *([calls] if calls else ())]

    def read(self, values: Sequence[Any], corpus: Corpus) -> Completion | None:
        """One without a place for thoughts was never judged: earlier versions stored every reply."""
        plain, calls = values[: len(COMPLETION_FIELDS)], values[len(COMPLETION_FIELDS) :]
        completion = Completion(*plain, *(tuple(ToolCall(*call) for call in asked) for asked in calls))
        if len(plain) == len(COMPLETION_FIELDS):
            return completion
        judged = heard(Prompt(()), completion)
        return None if isinstance(judged, NoAnswer) else judged

    def stand_in(self, source: StandIn, given: Prompt) -> Completion:
        """An empty one that is counted as long as it may be."""
        return Completion("", sum(map(len, self.texts(given))) // CHARACTERS_PER_TOKEN, given.max_tokens)


def _address_of_tools(prompt: Prompt) -> list[str]:
    """Nothing where there are none: so prompts were addressed before they could have tools. An odd number of texts, so
    that no message is taken for it."""
    asked = [[astuple(call) for call in message.tool_calls] for message in prompt.messages]
    offered = [astuple(tool) for tool in prompt.tools]
    return ["tools", repr(offered), repr(asked)] if offered or any(asked) else []


def _address_of_schema(prompt: Prompt) -> list[str]:
    """Nothing where there is none. An even number of texts is a message, or this, which no role is called."""
    return ["json_schema", prompt.json_schema] if prompt.json_schema else []


def _sound_call(component: object, call: ToolCall) -> ToolCall:
    return ToolCall(
        sound_text(component, "a tool's name", call.name), sound_text(component, "a tool's arguments", call.arguments)
    )
