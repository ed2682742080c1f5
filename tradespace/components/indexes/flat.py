"""Exact search: every vector is compared with the query. The reference that the other indexes approximate."""

from __future__ import annotations

from typing import Any, ClassVar

from tradespace.components.embedders.base import Vectors
from tradespace.components.indexes.base import Index


class Flat(Index):
    """All vectors, compared one by one."""

    name: ClassVar[str] = "flat"

    def build(self, vectors: Vectors) -> Any:
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return index
