"""How answers are made comparable; see `normalised_words`."""

from __future__ import annotations

from collections.abc import Sequence

from tradespace.components.answers.span import normalised_words

__all__ = ["accepted_words", "normalised_words"]


def accepted_words(answers: Sequence[str]) -> list[tuple[str, ...]]:
    """The words of each accepted answer that has any; where none has, only the empty answer is right."""
    return [normalised_words(answer) for answer in answers if normalised_words(answer)] or [()]
