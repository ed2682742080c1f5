"""Every vector is compared with the query. In full precision it is the reference that all others approximate."""

from __future__ import annotations

from typing import Any, ClassVar

from tradespace.components.corpus import Corpus
from tradespace.components.embedders.base import Embedder, Vectors
from tradespace.components.indexes.base import Index
from tradespace.components.indexes.precision import VectorPrecision, quantizer_type


class Flat(Index):
    """All vectors, compared one by one: exact in `fp32`."""

    name: ClassVar[str] = "flat"

    precision: VectorPrecision = "fp32"

    def load(self, corpus: Corpus, embedder: Embedder) -> Any:
        if self.precision != "fp32" or self.storage == "disk":
            return super().load(corpus, embedder)
        return self.build(embedder.embed(corpus)[list(corpus.text_order)])  # which are kept: a copy would take room

    def build(self, vectors: Vectors) -> Any:
        import faiss

        dimensions, metric = vectors.shape[1], faiss.METRIC_INNER_PRODUCT
        index: Any = (
            faiss.IndexFlatIP(dimensions)
            if self.precision == "fp32"
            else faiss.IndexScalarQuantizer(dimensions, quantizer_type(self.precision), metric)
        )
        index.train(vectors)
        index.add(vectors)
        return index
