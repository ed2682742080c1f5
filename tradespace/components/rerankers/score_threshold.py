"""Passages that score too low are left out: how many go on depends on the question (Arampatzis et al. 2009)."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, ClassVar

from pydantic import Field

from tradespace.components.base import Component, Process, Reranker, ranking_of
from tradespace.components.rerankers.cross_encoder import EmbeddedCrossEncoder
from tradespace.types import Ranking, Request

ScoreDifference = Annotated[float, Field(ge=0, le=1e6)]


class ScoreThreshold(Reranker):
    """Cuts what a reranker returns, by its scores: at a floor, at a distance from the best, or at a gap.

    Scores mean what that reranker says: log-odds of `cross_encoder`, cosines of `maxsim`. A rule that is left out cuts
    nothing; of several the strictest counts. It makes no calls but those of the reranker, which other pipelines share.
    """

    name: ClassVar[str] = "score_threshold"
    in_words: ClassVar[str] = "{reranker} but for low scores"

    reranker: Reranker = Field(default=EmbeddedCrossEncoder(keep=10), description="what scores the passages")
    at_least: Annotated[float, Field(ge=-1e6, le=1e6)] | None = Field(
        default=None, description="the lowest score that goes on"
    )
    below_best: ScoreDifference | None = Field(
        default=None, description="how much lower than the best a score may be, as a difference"
    )
    gap: ScoreDifference | None = Field(
        default=None,
        description="cut before the first passage that scores lower than the one before it by more than this",
    )
    keep_at_least: int = Field(default=1, ge=0, le=1000, description="how many go on whatever they score")

    def process(self, request: Request) -> Process:
        return self._cut(ranking_of((yield from self.reranker.process(request))))

    def simplified(self, request: Request) -> tuple[Component, Request]:
        """Without a rule, or where so many are kept anyway, it is its reranker."""
        rules = (self.at_least, self.below_best, self.gap)
        if self.keep_at_least >= len(request.passages) or rules == (None, None, None):
            return self.reranker.simplified(request)
        return self, request

    def _cut(self, ranking: Ranking) -> Ranking:
        scores = [scored.score for scored in ranking]
        kept = len(scores)
        if scores and (floors := [*self._floors(scores[0])]):
            kept = sum(score >= max(floors) for score in scores)
        if self.gap is not None:
            drops = (place for place, (one, next_one) in enumerate(pairwise(scores), 1) if one - next_one > self.gap)
            kept = min(kept, next(drops, kept))
        return ranking[: max(kept, self.keep_at_least)]

    def _floors(self, best: float) -> list[float]:
        below = None if self.below_best is None else best - self.below_best
        return [floor for floor in (self.at_least, below) if floor is not None]
