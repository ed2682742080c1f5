"""Whole documents as passages: no chunking, the baseline that every chunker must beat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from tradespace.components.base import Chunker
from tradespace.components.corpus import whole_documents
from tradespace.types import Document, Passage


class Documents(Chunker):
    """Each document is one passage and keeps its id."""

    name: ClassVar[str] = "documents"

    def split(self, documents: Sequence[Document]) -> tuple[Passage, ...]:
        return whole_documents(documents)
