"""Inverted file with product quantisation: vectors are kept as short codes (Jégou, Douze & Schmid 2011)."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import Field

from tradespace.components.embedders.base import Vectors
from tradespace.components.indexes.base import Index, enough_vectors
from tradespace.errors import ComponentError


class IVFPQ(Index):
    """As `ivf`, with each vector cut into `m` parts of `bits` bits: small, and less exact."""

    name: ClassVar[str] = "ivfpq"
    search_settings: ClassVar[frozenset[str]] = Index.search_settings | {"nprobe"}

    nlist: int = Field(default=32, ge=1, le=65_536, description="how many clusters; at most the number of passages")
    m: int = Field(default=48, ge=1, le=1024, description="how many parts a vector is cut into; must divide its length")
    bits: int = Field(
        8, ge=4, le=8, description="how many bits encode a part; 2**bits is at most the number of passages"
    )
    nprobe: int = Field(default=4, ge=1, le=65_536, description="how many clusters are searched; all from nlist on")

    def build(self, vectors: Vectors) -> Any:
        import faiss

        dimensions = vectors.shape[1]
        if dimensions % self.m:
            divisors = ", ".join(str(m) for m in range(1, dimensions + 1) if dimensions % m == 0)
            raise ComponentError(f"{self}: m must divide the vectors' length {dimensions}; valid: {divisors}")
        enough_vectors(self, "nlist", self.nlist, vectors)
        enough_vectors(self, "2**bits", 2**self.bits, vectors)
        quantizer = faiss.IndexFlatIP(dimensions)
        index = faiss.IndexIVFPQ(quantizer, dimensions, self.nlist, self.m, self.bits, faiss.METRIC_INNER_PRODUCT)
        index.cp.min_points_per_centroid = index.pq.cp.min_points_per_centroid = 1  # few are fine here: no warning
        index.train(vectors)
        index.add(vectors)
        return index

    def tune(self, index: Any) -> None:
        index.nprobe = self.nprobe
