"""Passages that follow the headings of a document: no passage reaches over one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Chunker
from tradespace.components.chunkers.base import passage_at
from tradespace.components.chunkers.structure import ABOVE, headings_of, path_at
from tradespace.components.sentences import Offsets, sentence_spans
from tradespace.types import Document, Heading, Passage

_WORD = re.compile(r"\S+")
_LINE_END = re.compile(r"\r\n?|\n|\Z")
_RULES = "=- \t\r\n"
"""What stands below a heading of Markdown without being text of its section."""


class Sections(Chunker):
    """Each section is a passage; one that is too long becomes several, cut between sentences, or between words where a
    sentence is too long itself. A heading without text of its own goes with what follows it.

    Headings are those that the file told, or those of Markdown in the text. A document without any is one section.
    """

    name: ClassVar[str] = "sections"

    size: int = Field(default=256, ge=16, le=4096, description="how long a passage may be, in words")
    headings: bool = Field(
        default=False,
        description="whether a line with the headings that it stands below is put in front of each passage",
    )

    def split(self, documents: Sequence[Document]) -> tuple[Passage, ...]:
        return tuple(passage for document in documents for passage in self._passages(document))

    def _passages(self, document: Document) -> Iterator[Passage]:
        headings = headings_of(document)
        for start, end in _sections(document.text, headings):
            for first, last in self._pieces(document.text[start:end]):
                passage = passage_at(document, start + first, start + last)
                above = _above(document, headings, start + first) if self.headings else ""
                yield Passage(passage.id, passage.document_id, f"{above}\n{passage.text}") if above else passage

    def _pieces(self, text: str) -> Iterator[Offsets]:
        """Runs of sentences that fit, or of words where one sentence does not."""
        first: int | None = None
        end = words = 0
        for start, stop, length in self._units(text):
            if first is not None and words + length > self.size:
                yield first, end
                first, words = None, 0
            first = start if first is None else first
            end, words = stop, words + length
        if first is not None:
            yield first, end

    def _units(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Where each sentence begins and ends, and its words; of one that is too long, the runs of words that fit."""
        for start, end in sentence_spans(text):
            words = [match.span() for match in _WORD.finditer(text, start, end)]
            for first in range(0, len(words), self.size):
                run = words[first : first + self.size]
                yield run[0][0], run[-1][1], len(run)


def _above(document: Document, headings: Sequence[Heading], place: int) -> str:
    """The headings above a place in one line; without one that a passage would begin with itself there."""
    path = path_at(headings, place)
    first_line = " ".join(document.text[place : _line_end(document.text, place)].split()).casefold()
    if path and not document.text[path[-1].start : place].strip() and path[-1].text.casefold() in first_line:
        path = path[:-1]
    return ABOVE.join(heading.text for heading in path)


def _sections(text: str, headings: Sequence[Heading]) -> Iterator[Offsets]:
    """Where sections begin and end. One that is nothing but its heading ends with the next one that is more."""
    starts = {heading.start for heading in headings}
    begun = 0
    for start, end in pairwise(sorted({0, len(text), *starts})):
        body = text[_line_end(text, start) if start in starts else start : end]
        if body.strip(_RULES):
            yield begun, end
            begun = end
    if begun < len(text):
        yield begun, len(text)


def _line_end(text: str, start: int) -> int:
    """Where the line ends that a place stands in."""
    return next(_LINE_END.finditer(text, start)).start()
