"""BM25: rank passages by the terms they share with the question (Robertson & Zaragoza 2009), with `bm25s` (Lù 2024)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from tradespace.components.base import Call, Operator, Process, Retriever, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.retrievers.base import TopK, best_places, ranking, searchable, shared_depth
from tradespace.types import Ranking, Request


class BM25(Retriever):
    """Lexical retrieval in the variant of Lucene: shared terms count by their rarity and saturated frequency."""

    name: ClassVar[str] = "bm25"

    k1: float = Field(
        default=1.2, ge=0, le=5, description="how slowly repetitions of a term saturate; 0 ignores repetitions"
    )
    b: float = Field(
        default=0.75, ge=0, le=1, description="how much long passages are held back; 0 not at all, 1 in full"
    )
    stopwords: Literal["english", "none"] = Field(
        default="english", description="which words are left out of the index"
    )
    top_k: TopK = 10

    def open(self, corpus: Corpus) -> Operator:
        import bm25s

        built_with = f"bm25(k1={self.k1}, b={self.b}, stopwords={self.stopwords})"
        folder = searchable(corpus).artefact(built_with, lambda folder: self._build(corpus, folder))
        index = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        count = min(self.top_k, len(corpus.passages))

        def search(request: Request) -> Ranking:
            (terms,) = self._terms([request.question])
            known = index.get_tokens_ids(terms)
            scores = index.get_scores_from_ids(known)
            places = best_places(scores, count)
            return ranking([corpus.passages[place] for place in places], scores[places])

        return lambda requests: [search(request) for request in requests]

    def process(self, request: Request) -> Process:
        deep = self.with_settings(top_k=shared_depth(self.top_k))
        (outcome,) = yield (Call(deep, Request(request.question)),)
        return ranking_of(outcome)[: self.top_k]

    def _build(self, corpus: Corpus, folder: Path) -> None:
        import bm25s

        index = bm25s.BM25(k1=self.k1, b=self.b)
        index.index(self._terms(corpus.texts), show_progress=False)
        index.save(folder)

    def _terms(self, texts: Sequence[str]) -> list[list[str]]:
        import bm25s

        stopwords = "en" if self.stopwords == "english" else []
        terms: list[list[str]] = bm25s.tokenize(list(texts), stopwords=stopwords, return_ids=False, show_progress=False)
        return terms
