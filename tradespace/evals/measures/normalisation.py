"""How answers are made comparable; see `normalised_words`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tradespace.components.answers.span import normalised_words, words_as

__all__ = ["accepted_words", "normalised_words", "running_words"]


def accepted_words(answers: Sequence[str]) -> list[tuple[str, ...]]:
    """The words of each accepted answer that has any; where none has, only the empty answer is right."""
    return [normalised_words(answer) for answer in answers if normalised_words(answer)] or [()]


# Passages are longer than answers, and the same ones are found by many pipelines.
@lru_cache(maxsize=2**15)
def running_words(text: str, *, foreign: bool) -> str:
    """The words that texts are compared by, each between spaces, so that a row of them is a part of the whole; empty
    where there are none. Texts that are held against each other must both be `foreign` or both not.

    >>> running_words("the Saxon garden", foreign=False) in running_words("In a Saxon Garden.", foreign=False)
    True
    """
    words = " ".join(words_as(text, foreign=foreign))
    return f" {words} " if words else ""
