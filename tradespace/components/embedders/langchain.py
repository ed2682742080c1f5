"""Any LangChain `Embeddings`, by its dotted path."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from pydantic import Field

from tradespace.components.dotted_path import Arguments, DottedPath, construct
from tradespace.components.embedders.base import Embedder, Encoder, Vectors

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings


class LangChainEmbeddings(Embedder):
    """Questions are embedded with `embed_query`, passages with `embed_documents`; vectors are normalised here."""

    name: ClassVar[str] = "langchain_embeddings"

    path: DottedPath
    arguments: Arguments = Field(default={})

    def load(self) -> Encoder:
        return _loaded(self)


class LangChainEncoder:
    """A loaded LangChain model."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each passage."""
        return _normalised(self._embeddings.embed_documents(list(texts)) if texts else [])

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each question."""
        return _normalised([self._embeddings.embed_query(text) for text in texts])


@cache
def _loaded(embedder: LangChainEmbeddings) -> LangChainEncoder:
    from langchain_core.embeddings import Embeddings

    made: Any = construct(embedder.path, embedder.arguments, Embeddings)
    return LangChainEncoder(made)


def _normalised(rows: Sequence[Sequence[float]]) -> Vectors:
    vectors = np.array(rows, np.float32).reshape(len(rows), len(rows[0]) if rows else 0)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, where=lengths > 0, out=vectors)  # type: ignore[no-any-return]
