"""Routers: the question decides which reader answers it, before either is tried (RouteLLM, Ong et al. 2024)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from tradespace.components.base import Process, Reader
from tradespace.components.readers.llm import LLMReader
from tradespace.components.strategies.algebra import route
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.types import Request

QuestionMeasure = Literal["words", "names", "links", "unsupported"]


class Router(Reader):
    """Questions that look hard go to one reader, all others to the other; only one of them is paid for.

    How hard a question looks is a count: of its `words`, its `names` (capitalised words but the first), its `links`
    ("of", "whose" and the like, on each of which hangs another fact), or the percentage of its words that no passage
    found holds (`unsupported`).
    """

    name: ClassVar[str] = "router"
    in_words: ClassVar[str] = "{easy}; where a count of {by} reaches {hard_from}, {hard}"

    easy: Reader = Field(default=LLMReader(), description="the reader of questions that look easy")
    hard: Reader = Field(default=LLMReader(strategy=ChainOfThought()), description="the reader of the others")
    by: QuestionMeasure = Field(default="words", description="what makes a question look hard")
    hard_from: float = Field(default=12, ge=0, le=1000, description="count from which a question looks hard")

    def process(self, request: Request) -> Process:
        hard = QUESTION_MEASURES[self.by](request) >= self.hard_from
        return (yield from route(hard, self.hard.process(request), self.easy.process(request)))


LINKS = frozenset(("of", "whose", "that", "which", "than", "and", "or", "plus", "between"))


def question_words(request: Request) -> list[str]:
    """The words of a question."""
    return re.findall(r"\w+", request.question)


def capitalised_words(request: Request) -> int:
    """Capitalised words, but the first."""
    return sum(word[0].isupper() for word in question_words(request)[1:])


def links(request: Request) -> int:
    """Words that tie one fact to another."""
    return sum(word.lower() in LINKS for word in question_words(request))


def unsupported(request: Request) -> float:
    """Per cent of the question's words that no passage holds."""
    asked = {word.lower() for word in question_words(request)}
    held = {word for passage in request.passages for word in re.findall(r"\w+", passage.text.lower())}
    return 100 * len(asked - held) / max(1, len(asked))


QUESTION_MEASURES: Mapping[QuestionMeasure, Callable[[Request], float]] = {
    "words": lambda request: len(question_words(request)),
    "names": capitalised_words,
    "links": links,
    "unsupported": unsupported,
}
