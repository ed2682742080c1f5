"""BM25: rank passages by the terms they share with the question (Robertson & Zaragoza 2009), with `bm25s` (Lù 2024)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from tradespace.addresses import AddedLater
from tradespace.components.base import Call, Operator, Process, Retriever, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.retrievers.base import TopK, best_places, ranking, searchable, shared_depth
from tradespace.segmentation import search_terms
from tradespace.types import Ranking, Request

Language = Literal[
    "arabic", "armenian", "basque", "catalan", "danish", "dutch", "english", "finnish", "french", "german", "greek",
    "hindi", "hungarian", "indonesian", "irish", "italian", "lithuanian", "nepali", "norwegian", "portuguese",
    "romanian", "russian", "serbian", "spanish", "swedish", "tamil", "turkish", "yiddish",
]  # fmt: skip
"""Languages that Snowball has stemmers for."""


class BM25(Retriever):
    """Lexical retrieval in the variant of Lucene: shared terms count by their rarity and saturated frequency.

    Passages that share no term with the question are not found. Terms are words; in Chinese, Japanese, Korean, Thai,
    Lao, Khmer and Burmese, pairs of characters. With a stemmer, inflected words are one term: a stemmer of Snowball
    (Porter 2001) cuts `bridges` and `bridged` to `bridg`.
    """

    name: ClassVar[str] = "bm25"
    in_words: ClassVar[str] = "BM25 finds {top_k} passages"
    version: ClassVar[int] = 2

    k1: float = Field(
        default=1.2, ge=0, le=5, description="how slowly repetitions of a term saturate; 0 ignores repetitions"
    )
    b: float = Field(
        default=0.75,
        ge=0,
        le=1,
        description="how strongly scores are normalised by passage length; 0 not at all, 1 fully",
    )
    stopwords: Literal["english", "none"] = Field(
        default="english", description="which words are left out of the index"
    )
    stemmer: Annotated[Literal["none"] | Language, AddedLater(was="'none'")] = Field(
        default="none", description="the language whose endings are cut off words"
    )
    top_k: TopK = 10

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return () if self.stemmer == "none" else ("Stemmer",)

    def open(self, corpus: Corpus) -> Operator:
        self.require_packages()
        import bm25s

        stemmed = "" if self.stemmer == "none" else f", stemmer={self.stemmer}"
        built_with = f"{self.versioned_name()}(k1={self.k1}, b={self.b}, stopwords={self.stopwords}{stemmed})"
        folder = searchable(corpus).artefact(built_with, lambda folder: self._build(corpus, folder))
        index = bm25s.BM25.load(folder, mmap=True, show_progress=False)
        passages = [corpus.passages[place] for place in corpus.text_order]
        count = min(self.top_k, len(passages))

        def search(request: Request) -> Ranking:
            known = index.get_tokens_ids(self._terms(request.question))
            scores = index.get_scores_from_ids(known)
            places = [place for place in best_places(scores, count) if scores[place] > 0]
            return ranking([passages[place] for place in places], scores[places])

        return lambda requests: [search(request) for request in requests]

    def process(self, request: Request) -> Process:
        deep = self.with_settings(top_k=shared_depth(self.top_k))
        (outcome,) = yield (Call(deep, Request(request.question)),)
        return ranking_of(outcome)[: self.top_k]

    def _build(self, corpus: Corpus, folder: Path) -> None:
        import bm25s

        index = bm25s.BM25(k1=self.k1, b=self.b)
        texts = corpus.texts
        terms = [self._terms(texts[place]) for place in corpus.text_order]
        index.index(terms if any(terms) else [[""]] * len(terms), show_progress=False)  # bm25s needs a term
        index.save(folder)

    def _terms(self, text: str) -> list[str]:
        from bm25s.stopwords import STOPWORDS_EN

        left_out = frozenset(STOPWORDS_EN if self.stopwords == "english" else ())
        terms = [term for term in search_terms(text) if term not in left_out]
        return terms if self.stemmer == "none" else _stemmer(self.stemmer).stemWords(terms)


@cache
def _stemmer(language: str) -> Any:
    from Stemmer import Stemmer

    return Stemmer(language)
