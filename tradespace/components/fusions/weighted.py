"""Weighted sum of min-max normalised scores (Bruch, Gai & Ingber 2023, "An Analysis of Fusion Functions")."""

from __future__ import annotations

from collections import defaultdict
from typing import ClassVar

from pydantic import Field

from tradespace.components.fusions.base import Fusion, ranked
from tradespace.types import Passage, Ranking


class Weighted(Fusion):
    """Scores are stretched to 0..1 in each ranking; a passage that a ranking lacks has 0 there.

    A lexical ranking shorter than the dense one found no more: what it lacks scores 0 in it, its lowest score.
    """

    name: ClassVar[str] = "weighted"
    version: ClassVar[int] = 2

    alpha: float = Field(
        default=0.5, ge=0, le=1, description="the weight of the dense score; the lexical one has the rest"
    )

    def fuse(self, lexical: Ranking, dense: Ranking) -> Ranking:
        scores: defaultdict[Passage, float] = defaultdict(float)
        unmatched = (0.0,) if len(lexical) < len(dense) else ()
        stretched = normalised(lexical, *unmatched), normalised(dense)
        for weight, ranking in zip((1 - self.alpha, self.alpha), stretched, strict=True):
            for passage, score in ranking.items():
                scores[passage] += weight * score
        return ranked(scores)


def normalised(ranking: Ranking, *others: float) -> dict[Passage, float]:
    """Scores between 0 (the worst, of `others` too) and 1 (the best). Equal scores tell nothing apart and are all 0."""
    if not ranking:
        return {}
    lowest = min([*others, *(scored.score for scored in ranking)])
    highest = max(scored.score for scored in ranking)
    spread = (highest - lowest) or 1.0
    return {scored.passage: (scored.score - lowest) / spread for scored in ranking}
