"""What every embedder gives: an encoder, and the vectors of a corpus, made once for each text and kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from tradespace.components.base import Component
from tradespace.components.calls.embedding import numbers_of
from tradespace.components.checked import checked_vectors
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.kept import Arrays, KeptTexts, kept_texts
from tradespace.components.passes import Passes
from tradespace.components.processes import Rounds
from tradespace.components.roles import Role
from tradespace.types import Request

Vectors = NDArray[np.float32]
"""One row for each text, L2-normalised unless an embedder is told not to: two rows' inner product is their cosine."""


def unit_rows(vectors: Vectors) -> Vectors:
    """Each row scaled to length 1; a row of zeros stays one.

    >>> unit_rows(np.array([[3, 4], [0, 0]], np.float32)).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, lengths, where=lengths > 0, out=np.zeros_like(vectors))  # type: ignore[no-any-return]


class Encoder(Protocol):
    """A loaded embedder."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each passage, in order."""

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each question, in order."""


class Embedder(Component, ABC):
    """Turns texts into vectors, alike for questions and passages unless the model tells them apart.

    >>> class Vowels(Embedder):
    ...     name = "vowels"
    ...
    ...     def load(self):
    ...         return VowelEncoder()
    >>> class VowelEncoder:
    ...     def encode(self, texts):
    ...         counts = np.array([[1 + text.count(vowel) for vowel in "aeiou"] for text in texts], np.float32)
    ...         return counts / np.linalg.norm(counts, axis=1, keepdims=True)
    ...
    ...     encode_questions = encode
    >>> Vowels().encoder().encode(["a cat", "a dog"]).shape
    (2, 5)
    """

    role: ClassVar[Role] = Role.EMBEDDER

    @abstractmethod
    def load(self) -> Encoder:
        """Load the model; the same one again when called twice in one process.

        Raises:
            ComponentError: the model cannot be loaded.
        """

    def question_passes(self, requests: Sequence[Request]) -> Passes | None:
        """The passes in which the questions of a batch are encoded, each once; None where that is not known."""
        return None

    def asked(self, request: Request) -> Rounds[Request]:
        """What is searched for, with the question's vector where an embedder makes that in a call of its own."""
        return request
        yield ()  # a process is a generator

    def encoder(self) -> Encoder:
        """The loaded model, with all vectors checked as they come."""
        return CheckedEncoder(self)

    def arrays(self, texts: Sequence[str]) -> Arrays:
        """What is kept of texts: `vectors`, one row for each, and what else one pass gives."""
        return {"vectors": self.encoder().encode(texts)}

    def kept(self, corpus: Corpus) -> KeptTexts:
        """What is kept of the corpus's passages; each text is encoded once, whichever chunking it came from."""
        return kept_texts(corpus.store, f"vectors of {self.identity}", corpus.texts, self.arrays)

    def embed(self, corpus: Corpus) -> Vectors:
        """The vectors of the corpus's passages, in order."""
        return self.kept(corpus).rows("vectors", corpus.texts)


class CheckedEncoder:
    """Encodes with an embedder's model. Vectors that are missing, of several lengths or not finite raise."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._encoder = embedder.load()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each passage, in order.

        Raises:
            ComponentError: the vectors are not sound.
        """
        return checked_vectors(self._embedder, self._encoder.encode(texts), len(texts))

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each question, in order.

        Raises:
            ComponentError: the vectors are not sound.
        """
        return checked_vectors(self._embedder, self._encoder.encode_questions(texts), len(texts))


def question_vectors(encoder: Encoder, requests: Sequence[Request]) -> Vectors:
    """The vectors of questions: those that requests bring, the others from the encoder."""
    missing = [request.question for request in requests if not request.vector]
    encoded = iter(encoder.encode_questions(missing) if missing else ())
    rows = [numbers_of(request.vector) if request.vector else next(encoded) for request in requests]
    return np.stack(rows)


@dataclass(frozen=True)
class PassageVectors:
    """Looks up the vectors of passages by their text and encodes those that are not in the corpus."""

    encoder: Encoder
    kept: KeptTexts

    @classmethod
    def of(cls, embedder: Embedder, corpus: Corpus) -> PassageVectors:
        """Read those of a corpus from its store, where they are built the first time."""
        return cls(embedder.encoder(), embedder.kept(corpus))

    def __call__(self, texts: Iterable[str]) -> dict[str, Vectors]:
        """Return the vector of each distinct text."""
        distinct = dict.fromkeys(texts)
        foreign = [text for text in distinct if text not in self.kept]
        known = {text: self.kept.row("vectors", text) for text in distinct if text in self.kept}
        return known | dict(zip(foreign, self.encoder.encode(foreign), strict=True))
