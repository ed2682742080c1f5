"""How answers are made comparable; see `words`."""

from __future__ import annotations

from collections.abc import Sequence

from tradespace.components.answers.span import words

__all__ = ["accepted_words", "words"]


def accepted_words(answers: Sequence[str]) -> list[tuple[str, ...]]:
    """The words of each accepted answer that has any; where none has, only the empty answer is right."""
    return [words(answer) for answer in answers if words(answer)] or [()]
