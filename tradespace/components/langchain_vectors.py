"""An embedder as LangChain wants one. Imported where it is used: LangChain is optional."""

from __future__ import annotations

from langchain_core.embeddings import Embeddings

from tradespace.components.embedders.base import PassageVectors


class KeptEmbeddings(Embeddings):
    """Passages whose vectors are kept are not encoded again, whichever store they are put into."""

    def __init__(self, vectors: PassageVectors) -> None:
        self._vectors = vectors

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The vector of each passage."""
        vectors = self._vectors(texts)
        return [vectors[text].tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        (vector,) = self._vectors.encoder.encode_questions([text]).tolist()
        return list(vector)
