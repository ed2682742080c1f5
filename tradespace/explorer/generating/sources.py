"""The passages that questions are written about, each document in its turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from tradespace.addresses import digest
from tradespace.components.chunkers.base import place_in_document
from tradespace.components.sentences import Offsets, sentence_spans
from tradespace.data.generation.written import GeneratedType
from tradespace.types import Document, Evidence, Passage

FEWEST_WORDS = 6
"""Passages with fewer say nothing to ask about."""


@dataclass(frozen=True, slots=True)
class SourcePassage:
    """A passage that a question is written about.

    Attributes:
        title: of its document; empty where it has none.
        start: where it begins in its document, in characters; None where that is not known.
        sentences: where its sentences lie in its text.
    """

    passage: Passage
    title: str
    start: int | None
    sentences: tuple[Offsets, ...]

    @classmethod
    def of(cls, passage: Passage, documents: Mapping[str, Document]) -> SourcePassage:
        """A passage of one of the documents, which are given by their ids."""
        document = documents[passage.document_id]
        place = place_in_document(passage, document)
        return cls(passage, document.title, place[0] if place else None, tuple(sentence_spans(passage.text)))

    @property
    def texts(self) -> list[str]:
        """Its sentences."""
        return [self.passage.text[start:end] for start, end in self.sentences]

    def evidence(self, number: int) -> Evidence:
        """One of its sentences, counted from 0, as evidence."""
        start, end = self.sentences[number]
        place = None if self.start is None else self.start + start
        return Evidence(self.passage.document_id, self.passage.text[start:end], place)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A question that is to be written.

    Attributes:
        sources: what it is to be about: two passages where both are to be needed, else one.
        number: how many of its type were to be written before.
        visit: how often questions of its type were to be written about its first passage before.
    """

    type: GeneratedType
    sources: tuple[SourcePassage, ...]
    number: int = 0
    visit: int = 0


def in_turn(passages: Iterable[Passage], seed: str) -> list[Passage]:
    """Passages in a drawn order in which their documents take turns: none comes again before all others came, as long
    as these have any left."""
    by_document: defaultdict[str, list[Passage]] = defaultdict(list)
    worth = (passage for passage in passages if len(passage.text.split()) >= FEWEST_WORDS)
    for passage in sorted(worth, key=lambda passage: digest([seed, passage.id, passage.text])):
        by_document[passage.document_id].append(passage)
    return [passage for turn in zip_longest(*by_document.values()) for passage in turn if passage is not None]
