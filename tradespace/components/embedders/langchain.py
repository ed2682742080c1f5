"""Any LangChain `Embeddings`, by its dotted path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np
from pydantic import Field

from tradespace.components.dotted_path import Arguments, DottedPath, Timeout, construct
from tradespace.components.embedders.base import Embedder, Encoder, Vectors
from tradespace.components.threads import within

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

BATCH = 256
"""Passages that are embedded by one call, which has a time limit."""
Texts = TypeVar("Texts")
Rows = TypeVar("Rows")


class LangChainEmbeddings(Embedder):
    """Questions are embedded with `embed_query`, passages with `embed_documents`; vectors are normalised here."""

    name: ClassVar[str] = "langchain_embeddings"
    unkeyed: ClassVar[frozenset[str]] = frozenset({"timeout"})

    path: DottedPath
    arguments: Arguments = Field(default={})
    timeout: Timeout = 600.0

    def load(self) -> Encoder:
        return _loaded(self)


class LangChainEncoder:
    """A loaded LangChain model."""

    def __init__(self, embeddings: Embeddings, timeout: float) -> None:
        self._embeddings = embeddings
        self._timeout = timeout

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each passage."""
        batches = [list(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        return _normalised([row for batch in batches for row in self._called(self._embeddings.embed_documents, batch)])

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each question."""
        return _normalised([self._called(self._embeddings.embed_query, text) for text in texts])

    def _called(self, embed: Callable[[Texts], Rows], texts: Texts) -> Rows:
        return within(self._timeout, lambda: embed(texts))


@cache
def _loaded(embedder: LangChainEmbeddings) -> LangChainEncoder:
    from langchain_core.embeddings import Embeddings

    made: Any = construct(embedder.path, embedder.arguments, Embeddings)
    return LangChainEncoder(made, embedder.timeout)


def _normalised(rows: Sequence[Sequence[float]]) -> Vectors:
    vectors = np.array(rows, np.float32).reshape(len(rows), len(rows[0]) if rows else 0)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, where=lengths > 0, out=vectors)  # type: ignore[no-any-return]
