"""Dense retrieval: rank passages by the cosine of their vector with the question's (Karpukhin et al. 2020, "DPR")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Call, Operator, Process, Retriever, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.base import Embedder, question_vectors
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.indexes.base import Index
from tradespace.components.indexes.flat import Flat
from tradespace.components.passes import Passes
from tradespace.components.retrievers.base import TopK, ranking, searchable, shared_depth
from tradespace.types import Outcome, Ranking, Request


class Dense(Retriever):
    """Vectors from an embedder, searched with an index."""

    name: ClassVar[str] = "dense"
    in_words: ClassVar[str] = "vectors of {embedder} find {top_k} passages"

    embedder: Embedder = Field(default=Minilm(), description="what turns questions and passages into vectors")
    index: Index = Field(default=Flat(), description="how the nearest vectors are found")
    top_k: TopK = 10

    def passes(self, requests: Sequence[Request]) -> Passes | None:
        return self.embedder.question_passes(requests)

    def open(self, corpus: Corpus) -> Operator:
        index = self.index.load(searchable(corpus), self.embedder)
        encoder = self.embedder.encoder()
        passages = [corpus.passages[place] for place in corpus.text_order]
        count = min(self.top_k, len(passages))

        def search(requests: Sequence[Request]) -> dict[Request, Ranking]:
            scores, places = index.search(question_vectors(encoder, requests), count)
            return {request: found(*row) for request, *row in zip(requests, scores, places, strict=True)}

        def found(scores: list[float], places: list[int]) -> Ranking:
            hits = sorted((-score, place) for place, score in zip(places, scores, strict=True) if place >= 0)
            return ranking([passages[place] for _, place in hits], [-score for score, _ in hits])

        def operate(requests: Sequence[Request]) -> list[Outcome]:
            rankings = search(list(dict.fromkeys(requests)))
            return [rankings[request] for request in requests]

        return operate

    def process(self, request: Request) -> Process:
        depth = shared_depth(self.top_k) if self.index.cut_keeps_order else self.top_k
        asked = yield from self.embedder.asked(Request(request.question))
        (outcome,) = yield (Call(self.with_settings(top_k=depth), asked),)
        return ranking_of(outcome)[: self.top_k]
