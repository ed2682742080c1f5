"""Any LangChain `TextSplitter`, by its dotted path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Chunker
from tradespace.components.chunkers.base import passage_at
from tradespace.components.dotted_path import Arguments, DottedPath, construct
from tradespace.types import Document, Passage


class LangChainSplitter(Chunker):
    """Passages are named by their place in the document; those that a splitter has rewritten, by their number."""

    name: ClassVar[str] = "langchain_splitter"

    path: DottedPath
    arguments: Arguments = Field(default={})

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return ("langchain_text_splitters",)

    def split(self, documents: Sequence[Document]) -> tuple[Passage, ...]:
        self.require_packages()
        from langchain_text_splitters import TextSplitter

        splitter = construct(self.path, self.arguments, TextSplitter)
        return tuple(
            passage for document in documents for passage in _located(document, splitter.split_text(document.text))
        )


def _located(document: Document, pieces: Sequence[str]) -> Iterator[Passage]:
    """Find each piece behind the start of the one before, since splitters keep the order of the text.

    Where a text repeats itself, the place that leaves the smallest overlap and no gap is taken.
    """
    text, previous, reached = document.text, -1, 0
    for number, piece in enumerate(pieces):
        start = text.rfind(piece, previous + 1, _after_space(text, reached) + len(piece))
        if start < 0:
            start = text.find(piece, previous + 1)
        if start < 0:
            yield Passage(f"{document.id}[part {number}]", document.id, piece)
        else:
            yield passage_at(document, start, start + len(piece))
            previous, reached = start, start + len(piece)


def _after_space(text: str, start: int) -> int:
    space = re.compile(r"\s*").match(text, start)
    return space.end() if space else start
