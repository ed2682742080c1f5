"""Calls of readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, ClassVar

from tradespace.components.calls.base import RequestCall, StandIn
from tradespace.components.corpus import Corpus
from tradespace.components.sound import is_sound_number, is_sound_text, sound_number, sound_or_none, sound_text
from tradespace.types import Answer, Request

ANSWER_FIELDS = tuple(field.name for field in fields(Answer))


class AnswerCall(RequestCall):
    """An answer comes back."""

    outcome: ClassVar[type[Any]] = Answer
    expected: ClassVar[str] = "an Answer"
    mark: ClassVar[str] = "answer"

    def checked(self, component: object, outcome: Answer) -> Answer:
        numbers = (outcome.score, outcome.confidence, outcome.relevance)
        if is_sound_text(outcome.text) and all(map(is_sound_number, numbers)) and outcome.score is not None:
            return outcome
        return replace(
            outcome,
            text=sound_text(component, "an answer's text", outcome.text),
            score=sound_number(component, "an answer's score", outcome.score),
            confidence=sound_or_none(component, "an answer's confidence", outcome.confidence),
            relevance=sound_or_none(component, "an answer's relevance", outcome.relevance),
        )

    def written(self, outcome: Answer, corpus: Corpus) -> list[Any]:
        return [getattr(outcome, name) for name in ANSWER_FIELDS]

    def read(self, values: Sequence[Any], corpus: Corpus) -> Answer:
        return Answer(*values)

    def stand_in(self, source: StandIn, given: Request) -> Answer:
        """An empty one with numbers of its own: what is decided by them may go either way."""
        score, confidence, relevance = (source.generator.random() for _ in range(3))
        return Answer("", score, confidence=confidence, relevance=relevance)
