"""Presets: the standard prompt with what is usually asked of one. Each setting can still be changed."""

from __future__ import annotations

from typing import ClassVar

from tradespace.components.prompts.base import Cite, Decline, MaxWords
from tradespace.components.prompts.standard import Standard, Titles


class Concise(Standard):
    """A few words and no more, for measures that count each superfluous one."""

    name: ClassVar[str] = "concise"

    max_words: MaxWords = 5


class Titled(Standard):
    """Each passage below the name of its document, where names tell what a passage is about."""

    name: ClassVar[str] = "titled"

    titles: Titles = True


class Cited(Titled):
    """Answers with citations, so that people can look them up. An answer is said to be from what it cites last."""

    name: ClassVar[str] = "cited"

    cite: Cite = True


class Cautious(Standard):
    """Better no answer than a wrong one: the model may say that the passages do not tell."""

    name: ClassVar[str] = "cautious"

    decline: Decline = True
