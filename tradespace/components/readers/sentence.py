"""Extractive reading without training: the answer is the sentence nearest to the question, by late interaction.

A sentence is as near as its tokens in the context of their passage: MiniLM's token vectors, compared as in ColBERT
(Khattab & Zaharia 2020). That finds more answers than the cosine of whole sentences, and the token vectors of a corpus
are at hand, so that only the question is encoded when it arrives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tradespace.components.corpus import Corpus
from tradespace.components.embedders.minilm import Minilm, MinilmEncoder, TokenMatrix
from tradespace.components.encoders.base import minilm_weights
from tradespace.components.late_interaction import TokenVectors, late_interaction, token_similarities
from tradespace.components.passes import Passes
from tradespace.components.readers.pointwise import EMPTY_ANSWER, PairReader, PointwiseReader
from tradespace.components.sentences import Offsets, sentence_spans
from tradespace.types import Answer, Pair, Passage, Request

Located = list[tuple[Offsets, slice]]
"""Sentences of a passage: their characters in its text, and their rows among its token vectors."""


class SentenceReader(PointwiseReader):
    """Answers with the sentence whose tokens best match the question's. The score is their mean cosine."""

    name: ClassVar[str] = "sentence"
    in_words: ClassVar[str] = "a sentence reader answers"

    @property
    def weights_checksum(self) -> str:
        return minilm_weights()

    def passes(self, requests: Sequence[Request]) -> Passes:
        return Minilm().question_passes(requests)

    def reader(self, corpus: Corpus) -> PairReader:
        token_vectors = TokenVectors.of(corpus)
        sentences = PassageSentences(token_vectors.encoder, corpus.texts)

        def read(pairs: Sequence[Pair]) -> list[Answer]:
            tokens = token_vectors(text for question, passage in pairs for text in (question, passage.text))
            return [
                nearest_sentence(tokens[question], passage, tokens[passage.text], sentences(passage.text))
                for question, passage in pairs
            ]

        return read


class PassageSentences:
    """Where the sentences of a passage lie, in characters and in tokens; found beforehand for the corpus."""

    def __init__(self, encoder: MinilmEncoder, texts: Sequence[str]) -> None:
        self._encoder = encoder
        self._known = dict(zip(texts, self._find(texts), strict=True))

    def __call__(self, text: str) -> Located:
        known = self._known.get(text)
        return self._find([text])[0] if known is None else known

    def _find(self, texts: Sequence[str]) -> list[Located]:
        return [located(text, starts) for text, starts in zip(texts, self._encoder.token_starts(texts), strict=True)]


def located(text: str, token_starts: NDArray[np.int64]) -> Located:
    """Each sentence's characters and tokens; a sentence beyond the last token that MiniLM reads is left out."""
    rows = ((span, slice(*map(int, np.searchsorted(token_starts, span)))) for span in sentence_spans(text))
    return [(span, row) for span, row in rows if row.start < row.stop]


def nearest_sentence(question: TokenMatrix, passage: Passage, tokens: TokenMatrix, sentences: Located) -> Answer:
    """The sentence of one passage that matches the question best, the first of equals; no answer if there is none."""
    similarities = token_similarities(question, tokens)
    scored = [(late_interaction(similarities[:, rows]), span) for span, rows in sentences]
    if not scored:
        return EMPTY_ANSWER
    score, (start, end) = max(scored, key=lambda pair: pair[0])
    return Answer(passage.text[start:end], score, passage.id)
