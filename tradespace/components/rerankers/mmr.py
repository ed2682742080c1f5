"""Maximal marginal relevance: close to the question, yet unlike earlier choices (Carbonell & Goldstein 1998)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tradespace.components.base import Call, Operator, Process, Reranker, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.base import Embedder, PassageVectors, question_vectors
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.passes import Passes
from tradespace.components.rerankers.base import Keep
from tradespace.components.retrievers.base import ranking, shared_depth
from tradespace.types import Outcome, Request

FloatArray = NDArray[np.float32]


class MMR(Reranker):
    """Chooses passages one by one: weighted cosine to the question, less the cosine to the nearest one chosen."""

    name: ClassVar[str] = "mmr"
    in_words: ClassVar[str] = "those {keep} go on that are relevant and differ"

    embedder: Embedder = Field(default=Minilm(), description="what turns questions and passages into vectors")
    relevance_weight: float = Field(
        0.7, ge=0, le=1, description="lambda in the paper: 1 is relevance alone, 0 is novelty alone"
    )
    keep: Keep = 3

    def passes(self, requests: Sequence[Request]) -> Passes | None:
        return self.embedder.question_passes(requests)

    def open(self, corpus: Corpus) -> Operator:
        encoder = self.embedder.encoder()
        passage_vectors = PassageVectors.of(self.embedder, corpus)

        def operate(requests: Sequence[Request]) -> list[Outcome]:
            asked = list({request.question: request for request in requests}.values())
            questions = dict(zip([each.question for each in asked], question_vectors(encoder, asked), strict=True))
            vectors = passage_vectors(passage.text for request in requests for passage in request.passages)

            def best(request: Request) -> Outcome:
                if not request.passages:
                    return ()
                rows = np.stack([vectors[passage.text] for passage in request.passages])
                order, scores = self._choose(rows @ questions[request.question], rows @ rows.T)
                return ranking([request.passages[place] for place in order], scores)

            return [best(request) for request in requests]

        return operate

    def _choose(self, relevance: FloatArray, similarity: FloatArray) -> tuple[list[int], list[float]]:
        """Places in the order of choice, with the marginal relevance that each had when it was chosen.

        Something unlike all that was chosen is no better than the first choice, so a redundancy is never negative.
        """
        redundancy = np.zeros_like(relevance)
        chosen: list[int] = []
        scores: list[float] = []
        for _ in range(min(self.keep, len(relevance))):
            marginal = self.relevance_weight * relevance - (1 - self.relevance_weight) * redundancy
            marginal[chosen] = -np.inf
            best = int(marginal.argmax())
            scores.append(float(marginal[best]))
            chosen.append(best)
            redundancy = np.maximum(redundancy, similarity[best])
        return chosen, scores

    def process(self, request: Request) -> Process:
        """The best k are the beginning of the best 2k: one call serves every `keep`."""
        asked = yield from self.embedder.asked(request)
        (outcome,) = yield (Call(self.with_settings(keep=shared_depth(self.keep)), asked),)
        return ranking_of(outcome)[: self.keep]
