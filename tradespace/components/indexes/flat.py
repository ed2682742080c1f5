"""Exact search: every vector is compared with the query. The reference that the other indexes approximate."""

from __future__ import annotations

from typing import Any, ClassVar

from tradespace.components.corpus import Corpus
from tradespace.components.embedders.base import Embedder, Vectors
from tradespace.components.indexes.base import Index


class Flat(Index):
    """All vectors, compared one by one."""

    name: ClassVar[str] = "flat"

    def load(self, corpus: Corpus, embedder: Embedder) -> Any:
        return self.build(embedder.embed(corpus)[list(corpus.text_order)])  # which are kept: a copy would take room

    def build(self, vectors: Vectors) -> Any:
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return index
