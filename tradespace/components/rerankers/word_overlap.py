"""Words in common with the question, whatever their order: the cosine of sets of words (Salton & McGill 1983)."""

from __future__ import annotations

from math import sqrt
from typing import ClassVar

from tradespace.components.base import Call, Operator, Process, Reranker, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.rerankers.base import Keep
from tradespace.components.rerankers.pointwise import best_passages
from tradespace.components.retrievers.base import shared_depth
from tradespace.segmentation import search_terms
from tradespace.types import Outcome, Request, ScoredPassage


class WordOverlap(Reranker):
    """Scores a passage by how many of its terms the question has, over the root of the product of both numbers.

    It needs no model, and takes microseconds. Stop words are left out; equal scores keep the order given.
    """

    name: ClassVar[str] = "word_overlap"
    in_words: ClassVar[str] = "words in common with the question keep {keep}"

    keep: Keep = 3

    def open(self, corpus: Corpus) -> Operator:
        def overlap(request: Request) -> Outcome:
            asked = _terms(request.question)
            scored = (ScoredPassage(passage, word_cosine(asked, _terms(passage.text))) for passage in request.passages)
            return best_passages(scored, self.keep)

        return lambda requests: [overlap(request) for request in requests]

    def process(self, request: Request) -> Process:
        """The best k are the beginning of the best 2k: one call serves every `keep`."""
        (outcome,) = yield (Call(self.with_settings(keep=shared_depth(self.keep)), request),)
        return ranking_of(outcome)[: self.keep]


def word_cosine(left: frozenset[str], right: frozenset[str]) -> float:
    """The cosine of two sets of words; 0 where one is empty."""
    return len(left & right) / sqrt(max(1, len(left) * len(right)))


def _terms(text: str) -> frozenset[str]:
    from bm25s.stopwords import STOPWORDS_EN

    return frozenset(search_terms(text)) - frozenset(STOPWORDS_EN)
