"""An embedder as LangChain wants one. Imported where it is used: LangChain is optional."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from tradespace.components.calls.embedding import numbers_of
from tradespace.components.embedders.base import PassageVectors
from tradespace.types import Request


class KeptEmbeddings(Embeddings):
    """Passages whose vectors are kept are not encoded again, whichever store they are put into."""

    def __init__(self, vectors: PassageVectors) -> None:
        self._vectors = vectors
        self._taken: dict[str, list[float]] = {}

    def take(self, request: Request) -> None:
        """Keep the vector that a request brings until it is asked for."""
        if request.vector:
            self._taken[request.question] = numbers_of(request.vector).tolist()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vector of each passage."""
        vectors = self._vectors(texts)
        return [vectors[text].tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        if text in self._taken:
            return self._taken.pop(text)
        (vector,) = self._vectors.encoder.encode_questions([text]).tolist()
        return list(vector)
