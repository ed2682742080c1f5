"""Duplicates are left out: passages that share nearly all their words (Broder 1997)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Operator, Reranker
from tradespace.components.corpus import Corpus
from tradespace.components.rerankers.base import as_ordered
from tradespace.segmentation import search_terms
from tradespace.types import Outcome, Passage, Request


class Distinct(Reranker):
    """Of passages with the same words, or nearly the same, the first goes on; the order stays.

    Likeness is the Jaccard index of the sets of terms: how many two passages share, of all that either has. Terms are
    those of `bm25`, stop words included.
    """

    name: ClassVar[str] = "distinct"
    in_words: ClassVar[str] = "duplicates are left out"

    likeness: float = Field(
        default=0.8,
        ge=0.05,
        le=1,
        description="from which likeness on two passages are one; 1 is the same set of words",
    )

    def open(self, corpus: Corpus) -> Operator:
        def distinct(requests: Sequence[Request]) -> list[Outcome]:
            return [as_ordered(self._distinct(request.passages)) for request in requests]

        return distinct

    def _distinct(self, passages: Sequence[Passage]) -> list[Passage]:
        kept: list[tuple[Passage, frozenset[str]]] = []
        for passage in passages:
            terms = frozenset(search_terms(passage.text))
            if not any(other.text == passage.text or self._alike(terms, those) for other, those in kept):
                kept.append((passage, terms))
        return [passage for passage, _ in kept]

    def _alike(self, left: frozenset[str], right: frozenset[str]) -> bool:
        """Whether two sets are one; sets without terms tell nothing."""
        if not left or not right:
            return False
        shared = len(left & right)
        return shared / (len(left) + len(right) - shared) >= self.likeness
