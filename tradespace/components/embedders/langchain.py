"""Any LangChain `Embeddings`, by its dotted path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from pydantic import Field

from tradespace.components.checked import checked_vectors
from tradespace.components.dotted_path import Arguments, DottedPath, Timeout, construct
from tradespace.components.embedders.base import Embedder, Encoder, Vectors, unit_rows
from tradespace.components.threads import within

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

PASSAGES_PER_CALL = 256
"""Passages that are embedded by one call, which has a time limit."""
Texts = TypeVar("Texts")
Embedded = TypeVar("Embedded")


class LangChainEmbeddings(Embedder):
    """Questions are embedded with `embed_query`, passages with `embed_documents`; vectors are normalised here."""

    name: ClassVar[str] = "langchain_embeddings"
    unkeyed: ClassVar[frozenset[str]] = frozenset({"timeout"})

    path: DottedPath
    arguments: Arguments = Field(default={})
    timeout: Timeout = 600.0

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return ("langchain_core",)

    def load(self) -> Encoder:
        return _loaded(self)


class LangChainEncoder:
    """A loaded LangChain model."""

    def __init__(self, embedder: LangChainEmbeddings, embeddings: Embeddings) -> None:
        self._embedder = embedder
        self._embeddings = embeddings

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each passage."""
        batches = [list(texts[start : start + PASSAGES_PER_CALL]) for start in range(0, len(texts), PASSAGES_PER_CALL)]
        rows = [row for batch in batches for row in self._called(self._embeddings.embed_documents, batch)]
        return self._normalised(rows, texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each question."""
        return self._normalised([self._called(self._embeddings.embed_query, text) for text in texts], texts)

    def _called(self, embed: Callable[[Texts], Embedded], texts: Texts) -> Embedded:
        return within(self._embedder.timeout, lambda: embed(texts))

    def _normalised(self, rows: Sequence[Sequence[float]], texts: Sequence[str]) -> Vectors:
        return unit_rows(checked_vectors(self._embedder, rows, len(texts)).reshape(len(texts), -1 if texts else 0))


@cache
def _loaded(embedder: LangChainEmbeddings) -> LangChainEncoder:
    embedder.require_packages()
    from langchain_core.embeddings import Embeddings

    made: Any = construct(embedder.path, embedder.arguments, Embeddings)
    return LangChainEncoder(embedder, made)
