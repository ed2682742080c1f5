"""Late interaction: each question token looks for its nearest passage token (Khattab & Zaharia 2020, "ColBERT")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from tradespace.components.corpus import Corpus
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.encoders.base import minilm_weights
from tradespace.components.late_interaction import TokenVectors, late_interaction, token_similarities
from tradespace.components.passes import Passes
from tradespace.components.rerankers.pointwise import PointwiseReranker, Scorer
from tradespace.types import Pair, Request


class MaxSim(PointwiseReranker):
    """Scores a passage by the mean, over the question's tokens, of the highest cosine with a token of the passage."""

    name: ClassVar[str] = "maxsim"
    in_words: ClassVar[str] = "late interaction keeps {keep}"

    @property
    def weights_checksum(self) -> str:
        return minilm_weights()

    def passes(self, requests: Sequence[Request]) -> Passes:
        return Minilm().question_passes(requests)

    def scorer(self, corpus: Corpus) -> Scorer:
        token_vectors = TokenVectors.of(corpus)

        def score(pairs: Sequence[Pair]) -> list[float]:
            tokens = token_vectors(text for question, passage in pairs for text in (question, passage.text))
            return [
                late_interaction(token_similarities(tokens[question], tokens[passage.text]))
                for question, passage in pairs
            ]

        return score
