"""Passages of whole sentences: no sentence is cut, and neighbours may share some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Chunker
from tradespace.components.chunkers.base import passage_at
from tradespace.components.sentences import Offsets, sentence_spans
from tradespace.types import Document, Passage


class Sentences(Chunker):
    """As many sentences as fit; a sentence longer than `size` is a passage of its own."""

    name: ClassVar[str] = "sentences"

    size: int = Field(default=128, ge=16, le=4096, description="how long a passage may be, in words")
    overlap: int = Field(
        0, ge=0, le=16, description="how many sentences of the previous passage are repeated, if they fit"
    )

    def split(self, documents: Sequence[Document]) -> tuple[Passage, ...]:
        return tuple(
            passage_at(document, start, end)
            for document in documents
            for start, end in self._spans(document.text, sentence_spans(document.text))
        )

    def _spans(self, text: str, sentences: Sequence[Offsets]) -> Iterator[Offsets]:
        words = [0, *accumulate(len(text[start:end].split()) for start, end in sentences)]
        first = 0
        while first < len(sentences):
            last = first + 1
            while last < len(sentences) and words[last + 1] - words[first] <= self.size:
                last += 1
            yield sentences[first][0], sentences[last - 1][1]
            first = self._next_first(words, max(first + 1, last - self.overlap), last)

    def _next_first(self, words: Sequence[int], first: int, new: int) -> int:
        """The first sentence of the passage that brings in sentence `new`, leaving out repeated ones that don't fit.

        `words` holds how many there are before each sentence, and in all.
        """
        while first < new < len(words) - 1 and words[new + 1] - words[first] > self.size:
            first += 1
        return first if new < len(words) - 1 else new
