"""Any sentence encoder of sentence-transformers (Reimers & Gurevych 2019, "Sentence-BERT")."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from tradespace.addresses import weights_of
from tradespace.components.embedders.base import Encoder, Vectors
from tradespace.components.embedders.named import NamedEmbedder
from tradespace.components.embedders.prefixes import Prefixes
from tradespace.components.hub import revision_here
from tradespace.errors import ComponentError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformersEmbedder(NamedEmbedder):
    """A model by its folder, or by its id where the hub's files are on this machine (`hf download ID`).

    A model that brings prompts named `query` and `document` is given those, unless prefixes are set.
    """

    name: ClassVar[str] = "sentence_transformer"
    unkeyed: ClassVar[frozenset[str]] = frozenset({"device"})

    device: str = Field(default="cpu", description="where it runs, as in `cpu` or `cuda:0`")

    @property
    def weights_checksum(self) -> str:
        return weights_of(self.model) or revision_here(self.model)

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return ("sentence_transformers",)

    def load(self) -> Encoder:
        self.require_packages()
        return SentenceTransformersEncoder(self, _loaded(self.model, self.device))


class SentenceTransformersEncoder:
    """A loaded model of sentence-transformers."""

    def __init__(self, embedder: SentenceTransformersEmbedder, model: SentenceTransformer) -> None:
        longest = model.get_embedding_dimension() or embedder.dimensions or 1
        if embedder.dimensions and embedder.dimensions > longest:
            raise ComponentError(
                f"{embedder!r}: dimensions must be at most the length of the model's vectors, which is {longest}"
            )
        own = model.prompts or {}
        self._prefixes = embedder.prefixes(Prefixes(own.get("query") or "", own.get("document") or ""))
        self._embedder, self._model, self._longest = embedder, model, embedder.dimensions or longest

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each passage."""
        return self._encoded(texts, self._prefixes.document)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each question."""
        return self._encoded(texts, self._prefixes.query)

    def _encoded(self, texts: Sequence[str], prefix: str) -> Vectors:
        rows = self._model.encode(
            list(texts),
            prompt=prefix,
            show_progress_bar=False,
            normalize_embeddings=self._embedder.normalize,
            truncate_dim=self._embedder.dimensions,
        )
        return np.asarray(rows, np.float32).reshape(len(texts), self._longest)


@cache
def _loaded(model: str, device: str) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(model, device=device)
    except Exception as error:
        raise ComponentError(
            f"sentence_transformer: model must be the folder or id of a SentenceTransformer; given {model!r}: {error}"
        ) from error
