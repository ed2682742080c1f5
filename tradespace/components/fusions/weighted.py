"""Weighted sum of min-max normalised scores (Bruch, Gai & Ingber 2023, "An Analysis of Fusion Functions")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from tradespace.addresses import AddedLater
from tradespace.components.fusions.base import Fusion, ranked
from tradespace.types import Passage, Ranking

Weight = Annotated[float, Field(ge=0, le=1000)]


class Weighted(Fusion):
    """Scores are stretched to 0..1 in each ranking; a passage that a ranking lacks has 0 there.

    A ranking shorter than another found no more: what it lacks scores 0 in it, its lowest score. Without `weights` this
    is not said of the last ranking, which is taken to be the dense one.
    """

    name: ClassVar[str] = "weighted"
    version: ClassVar[int] = 2

    alpha: float = Field(
        default=0.5, ge=0, le=1, description="the weight of the dense score; the lexical one has the rest"
    )
    weights: Annotated[tuple[Weight, ...], AddedLater(was="()")] = Field(
        default=(),
        description="one weight for each retriever, in place of alpha; without them more than two count alike",
    )

    def members_problem(self, count: int) -> str | None:
        if self.weights and "alpha" in self.chosen_settings:
            return f"weighted takes either alpha or weights; given: {self}"
        if len(self.weights) not in {0, count}:
            return f"weighted needs one weight for each of {count} retrievers; given: {self}"
        return None

    def fuse(self, *rankings: Ranking) -> Ranking:
        scores: defaultdict[Passage, float] = defaultdict(float)
        for weight, stretched in zip(self._weights(len(rankings)), self._stretched(rankings), strict=True):
            for passage, score in stretched.items():
                scores[passage] += weight * score
        return ranked(scores)

    def _weights(self, count: int) -> Sequence[float]:
        return self.weights or ((1 - self.alpha, self.alpha) if count == 2 else (1 / max(1, count),) * count)

    def _stretched(self, rankings: Sequence[Ranking]) -> list[dict[Passage, float]]:
        longest = max(map(len, rankings), default=0)
        dense = None if self.weights else len(rankings) - 1
        return [
            normalised(ranking, *((0.0,) if len(ranking) < longest and place != dense else ()))
            for place, ranking in enumerate(rankings)
        ]


def normalised(ranking: Ranking, *others: float) -> dict[Passage, float]:
    """Scores between 0 (the worst, of `others` too) and 1 (the best). Equal scores tell nothing apart and are all 0."""
    if not ranking:
        return {}
    lowest = min([*others, *(scored.score for scored in ranking)])
    highest = max(scored.score for scored in ranking)
    spread = (highest - lowest) or 1.0
    return {scored.passage: (scored.score - lowest) / spread for scored in ranking}
