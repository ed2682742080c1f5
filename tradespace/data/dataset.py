"""A dataset: the documents that are searched and the questions that are asked of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from tradespace.errors import DataError
from tradespace.plurals import count
from tradespace.types import Document, Question


@dataclass(frozen=True, slots=True)
class QuestionSets:
    """Questions that the search may see, and questions that no decision has seen. They share none."""

    explore: tuple[Question, ...]
    confirm: tuple[Question, ...]


@dataclass(frozen=True)
class Dataset:
    """Documents and questions with unique ids; every gold id of a question is the id of a document.

    >>> from tradespace.data import load_dataset
    >>> data = load_dataset("wikipedia")
    >>> len(data.documents), data.questions[0].gold[0] in {document.id for document in data.documents}
    (2840, True)
    >>> questions = data.split(explore=100, confirm=50, seed=0)
    >>> len(questions.explore), set(questions.explore) & set(questions.confirm)
    (100, set())
    """

    name: str
    documents: tuple[Document, ...]
    questions: tuple[Question, ...]

    @cached_property
    def key(self) -> str:
        """Content address: SHA-256 over all documents and questions, in order. The name has no part in it."""
        return _digest((*self.documents, *self.questions))

    def split(self, explore: int, confirm: int, seed: int) -> QuestionSets:
        """Draw two disjoint sets of questions, always the same for the same seed.

        All questions are put in an order that the seed and their ids determine; `explore` is taken from its front and
        `confirm` from its back. So asking for more of one only adds to it and leaves the other alone.

        Raises:
            DataError: there are fewer questions than asked for, or a number is negative.
        """
        have = len(self.questions)
        if min(explore, confirm) < 0 or explore + confirm > have:
            raise DataError(
                "explore and confirm must be at least 0 and together at most the "
                f"{count(have, 'question')} of {self.name!r}, so that no question is in both; given: {explore} and "
                f"{confirm}. Ask for fewer, or add questions"
            )
        order = sorted(self.questions, key=lambda question: _seeded_place(question, seed))
        return QuestionSets(tuple(order[:explore]), tuple(reversed(order[have - confirm :])))


def _seeded_place(question: Question, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}\n{question.id}".encode()).digest()


def _digest(values: Iterable[Document | Question]) -> str:
    state = hashlib.sha256()
    for value in values:
        content = json.dumps([type(value).__name__, *_content(value)], default=_stated)
        state.update(content.encode() + b"\n")
    return state.hexdigest()


_FIRST_FIELDS = {Document: 3, Question: 4}
"""How many fields each had at first. These are always part of the address; one that was added later is part of it where
it says anything, so that data without it keep their address."""
_UNNAMED = "itself"
"""A later field that stands in addresses without its name."""


def _content(value: Document | Question) -> Iterator[Any]:
    parts = [(each.name, getattr(value, each.name)) for each in fields(value) if each.compare]
    for place, (name, content) in enumerate(parts):
        if place < _FIRST_FIELDS[type(value)] or (content and name == _UNNAMED):
            yield content
        elif content:
            yield {name: content}


def _stated(part: Any) -> tuple[Any, ...]:
    """What a heading, or a piece of evidence, says."""
    return tuple(getattr(part, each.name) for each in fields(part) if each.compare)
