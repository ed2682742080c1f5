"""Passages of at most `size` characters, split at paragraphs, lines or words if possible, by LangChain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

from pydantic import Field, model_validator

from tradespace.components.base import Chunker
from tradespace.components.chunkers.base import passage_at
from tradespace.types import Document, Passage


class Characters(Chunker):
    """`RecursiveCharacterTextSplitter` of langchain-text-splitters."""

    name: ClassVar[str] = "characters"

    size: int = Field(default=800, ge=50, le=20_000, description="how long a passage may be, in characters")
    overlap: int = Field(
        default=0, ge=0, le=10_000, description="how much of the previous passage is repeated, in characters"
    )

    @model_validator(mode="after")
    def _overlap_is_smaller(self) -> Self:
        if self.overlap >= self.size:
            raise ValueError(f"overlap must be less than size; given overlap={self.overlap}, size={self.size}")
        return self

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return ("langchain_text_splitters",)

    def split(self, documents: Sequence[Document]) -> tuple[Passage, ...]:
        self.require_packages()
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(
            chunk_size=self.size, chunk_overlap=self.overlap, add_start_index=True
        )
        return tuple(
            passage_at(document, start, start + len(piece.page_content))
            for document in documents
            for piece in splitter.create_documents([document.text])
            for start in [piece.metadata["start_index"]]
        )
