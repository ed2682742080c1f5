"""Reciprocal rank fusion: ranks count, scores do not (Cormack, Clarke & Büttcher 2009)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar

from pydantic import Field

from tradespace.components.fusions.base import Fusion, ranked
from tradespace.types import Passage, Ranking


class RRF(Fusion):
    """A passage scores the sum of 1 / (k + rank) over the rankings that hold it."""

    name: ClassVar[str] = "rrf"

    k: int = Field(default=60, ge=0, le=1000, description="how little the first ranks stand out; 60 in the paper")

    def fuse(self, *rankings: Ranking) -> Ranking:
        return reciprocal_rank_fusion(rankings, self.k)


def reciprocal_rank_fusion(rankings: Iterable[Ranking], k: int = 60) -> Ranking:
    """One ranking out of any number of them; equally good passages stay in the order in which they are met."""
    scores: defaultdict[Passage, float] = defaultdict(float)
    for ranking in rankings:
        for rank, scored in enumerate(ranking, start=1):
            scores[scored.passage] += 1 / (k + rank)
    return ranked(scores)
