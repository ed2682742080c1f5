"""Inverted file: only the clusters of vectors nearest to the query are searched (Sivic & Zisserman 2003)."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from tradespace.components.embedders.base import Vectors
from tradespace.components.indexes.base import Index, enough_vectors
from tradespace.components.indexes.precision import VectorPrecision, quantizer_type


class IVF(Index):
    """Approximate: more clusters searched (`nprobe`) find more of the true neighbours and take longer."""

    name: ClassVar[str] = "ivf"
    search_settings: ClassVar[frozenset[str]] = Index.search_settings | {"nprobe"}

    nlist: int = Field(default=32, ge=1, le=65_536, description="how many clusters; at most the number of passages")
    nprobe: int = Field(default=4, ge=1, le=65_536, description="how many clusters are searched; all from nlist on")
    precision: VectorPrecision = "fp32"

    def build(self, vectors: Vectors) -> Any:
        import faiss

        enough_vectors(self, "nlist", self.nlist, vectors)
        dimensions, metric = vectors.shape[1], faiss.METRIC_INNER_PRODUCT
        clusters = faiss.IndexFlatIP(dimensions)
        index: Any = (
            faiss.IndexIVFFlat(clusters, dimensions, self.nlist, metric)
            if self.precision == "fp32"
            else faiss.IndexIVFScalarQuantizer(clusters, dimensions, self.nlist, quantizer_type(self.precision), metric)
        )
        index.cp.min_points_per_centroid = 1  # fewer than 39 vectors to a cluster are fine here: no warning
        index.train(vectors)
        index.add(vectors)
        return index

    def tune(self, index: Any) -> None:
        index.nprobe = self.nprobe
