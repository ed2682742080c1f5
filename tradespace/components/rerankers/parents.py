"""Small pieces are found, the larger ones that hold them are read: "parent document" retrieval, as in LangChain."""

from __future__ import annotations

from collections import defaultdict
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Chunker, Operator, Reranker
from tradespace.components.chunkers.base import place_in_document
from tradespace.components.chunkers.documents import Documents
from tradespace.components.corpus import Corpus
from tradespace.components.rerankers.base import as_ordered
from tradespace.components.sentences import Offsets
from tradespace.types import Passage, Ranking, Request


class Parents(Reranker):
    """Each passage becomes the one of another chunking in which it lies, or most of it; each of these goes on once.

    They are the passages that pipelines with that chunking read, and their reading is shared. A passage that is in no
    document, or was rewritten, stays as it is.
    """

    name: ClassVar[str] = "parents"
    in_words: ClassVar[str] = "the larger passages that hold them are taken"

    chunker: Chunker = Field(default=Documents(), description="how documents are cut into what is read")

    def address_in(self, corpus: Corpus) -> str:
        return corpus.documents_key

    def open(self, corpus: Corpus) -> Operator:
        documents = {document.id: document for document in corpus.documents}
        larger: defaultdict[str, list[tuple[Offsets, Passage]]] = defaultdict(list)
        for parent in self.chunker.split(corpus.documents):
            if place := place_in_document(parent, documents[parent.document_id]):
                larger[parent.document_id].append((place, parent))

        def parent_of(passage: Passage) -> Passage:
            place = place_in_document(passage, documents.get(passage.document_id))
            holding = [
                (shared_length(place, other), parent) for other, parent in larger.get(passage.document_id, ()) if place
            ]
            length, parent = max(holding, key=lambda each: each[0], default=(0, passage))
            return parent if length > 0 else passage

        def replaced(request: Request) -> Ranking:
            return as_ordered(dict.fromkeys(map(parent_of, request.passages)))

        return lambda requests: [replaced(request) for request in requests]


def shared_length(left: Offsets, right: Offsets) -> int:
    """How many characters two places have in common; not above 0 where none."""
    return min(left[1], right[1]) - max(left[0], right[0])
