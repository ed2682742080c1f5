"""Calls of language models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, ClassVar

from tradespace.components.calls.base import CallKind, StandIn
from tradespace.components.calls.replies import heard
from tradespace.components.corpus import Corpus
from tradespace.components.sound import sound_number, sound_or_none, sound_text
from tradespace.types import Completion, NoAnswer, Prompt

COMPLETION_FIELDS = tuple(field.name for field in fields(Completion))
CHARACTERS_PER_TOKEN = 4
"""Of English text, about."""


class CompletionCall(CallKind):
    """A prompt is given, and a completion comes back."""

    given: ClassVar[type[Any]] = Prompt
    outcome: ClassVar[type[Any]] = Completion
    expected: ClassVar[str] = "a Completion"
    mark: ClassVar[str] = "completion"

    def address(self, given: Prompt) -> list[str]:
        messages = [text for message in given.messages for text in (message.role, message.content)]
        drawing = (given.temperature, given.top_p, given.max_tokens, given.stop, given.seed, given.sample)
        return [repr(drawing), *messages]

    def texts(self, given: Prompt) -> Sequence[str]:
        return [message.content for message in given.messages]

    def checked(self, component: object, outcome: Completion) -> Completion:
        for name in ("tokens_in", "tokens_out"):
            sound_number(component, name, getattr(outcome, name))
        return replace(
            outcome,
            text=sound_text(component, "a completion's text", outcome.text),
            thoughts=sound_text(component, "a completion's thoughts", outcome.thoughts),
            log_probability=sound_or_none(component, "a completion's log_probability", outcome.log_probability),
            usd=sound_or_none(component, "a completion's usd", outcome.usd),
        )

    def written(self, outcome: Completion, corpus: Corpus) -> list[Any]:
        return [getattr(outcome, name) for name in COMPLETION_FIELDS]

    def read(self, values: Sequence[Any], corpus: Corpus) -> Completion | None:
        """One without a place for thoughts was never judged: earlier versions stored every reply."""
        completion = Completion(*values)
        if len(values) == len(COMPLETION_FIELDS):
            return completion
        judged = heard(Prompt(()), completion)
        return None if isinstance(judged, NoAnswer) else judged

    def stand_in(self, source: StandIn, given: Prompt) -> Completion:
        """An empty one that is counted as long as it may be."""
        return Completion("", sum(map(len, self.texts(given))) // CHARACTERS_PER_TOKEN, given.max_tokens)
