"""Hierarchical navigable small worlds: a greedy walk over a layered graph of neighbours (Malkov & Yashunin 2018)."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from tradespace.components.embedders.base import Vectors
from tradespace.components.indexes.base import Index
from tradespace.components.indexes.precision import VectorPrecision, quantizer_type


class HNSW(Index):
    """Approximate: a wider walk (`ef_search`) finds more of the true neighbours and takes longer."""

    name: ClassVar[str] = "hnsw"
    search_settings: ClassVar[frozenset[str]] = Index.search_settings | {"ef_search"}
    cut_keeps_order: ClassVar[bool] = False  # FAISS widens the walk to the number of results asked for

    m: int = Field(default=32, ge=4, le=128, description="how many neighbours each vector is linked to")
    ef_construction: int = Field(default=80, ge=8, le=1000, description="how wide the walk is while the graph is built")
    ef_search: int = Field(default=32, ge=1, le=1000, description="how wide the walk is when a question is searched")
    precision: VectorPrecision = "fp32"

    def build(self, vectors: Vectors) -> Any:
        import faiss

        dimensions, metric = vectors.shape[1], faiss.METRIC_INNER_PRODUCT
        index: Any = (
            faiss.IndexHNSWFlat(dimensions, self.m, metric)
            if self.precision == "fp32"
            else faiss.IndexHNSWSQ(dimensions, quantizer_type(self.precision), self.m, metric)
        )
        index.hnsw.efConstruction = self.ef_construction
        index.train(vectors)
        index.add(vectors)
        return index

    def tune(self, index: Any) -> None:
        index.hnsw.efSearch = self.ef_search
