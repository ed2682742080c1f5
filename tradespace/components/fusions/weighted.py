"""Weighted sum of min-max normalised scores (Bruch, Gai & Ingber 2023, "An Analysis of Fusion Functions")."""

from __future__ import annotations

from collections import defaultdict
from typing import ClassVar

from pydantic import Field

from tradespace.components.fusions.base import Fusion, ranked
from tradespace.types import Passage, Ranking


class Weighted(Fusion):
    """Scores are stretched to 0..1 in each ranking; a passage that a ranking lacks has 0 there."""

    name: ClassVar[str] = "weighted"

    alpha: float = Field(
        default=0.5, ge=0, le=1, description="the weight of the dense score; the lexical one has the rest"
    )

    def fuse(self, lexical: Ranking, dense: Ranking) -> Ranking:
        scores: defaultdict[Passage, float] = defaultdict(float)
        for weight, ranking in ((1 - self.alpha, lexical), (self.alpha, dense)):
            for passage, score in normalised(ranking).items():
                scores[passage] += weight * score
        return ranked(scores)


def normalised(ranking: Ranking) -> dict[Passage, float]:
    """Scores between 0 (the worst of this ranking) and 1 (the best). Equal scores tell nothing apart and are all 0."""
    if not ranking:
        return {}
    lowest = min(scored.score for scored in ranking)
    highest = max(scored.score for scored in ranking)
    spread = (highest - lowest) or 1.0
    return {scored.passage: (scored.score - lowest) / spread for scored in ranking}
