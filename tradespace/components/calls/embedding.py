"""Calls of embedders that count tokens."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from tradespace.components.calls.base import CHARACTERS_PER_TOKEN, RequestCall, StandIn
from tradespace.components.corpus import Corpus
from tradespace.components.sound import sound_number
from tradespace.errors import ComponentError
from tradespace.types import Embedding, Request

VECTOR_NUMBERS = np.dtype("<f4")
"""What a vector's bytes are."""


class EmbeddingCall(RequestCall):
    """A question is given, and its vector comes back."""

    outcome: ClassVar[type[Any]] = Embedding
    expected: ClassVar[str] = "an Embedding"
    mark: ClassVar[str] = "embedding"

    def checked(self, component: object, outcome: Embedding) -> Embedding:
        if len(outcome.vector) % VECTOR_NUMBERS.itemsize or not np.isfinite(numbers_of(outcome.vector)).all():
            raise ComponentError(f"{component!r} must return a vector of finite 32-bit numbers")
        return replace(outcome, tokens_in=int(sound_number(component, "tokens_in", outcome.tokens_in)))

    def written(self, outcome: Embedding, corpus: Corpus) -> list[Any]:
        return [b64encode(outcome.vector).decode(), outcome.tokens_in, outcome.tokens_estimated]

    def read(self, values: Sequence[Any], corpus: Corpus) -> Embedding:
        vector, tokens_in, tokens_estimated = values
        return Embedding(b64decode(vector), tokens_in, tokens_estimated)

    def stand_in(self, source: StandIn, given: Request) -> Embedding:
        """A vector of one number, and about as many tokens as the question has."""
        return Embedding(
            VECTOR_NUMBERS.type(source.generator.random()).tobytes(), len(given.question) // CHARACTERS_PER_TOKEN
        )


def numbers_of(vector: bytes) -> np.ndarray[Any, np.dtype[np.float32]]:
    """The numbers of a vector."""
    return np.frombuffer(vector, VECTOR_NUMBERS)
