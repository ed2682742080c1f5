"""Adaptive consistency: draw chains until the majority is clear (Aggarwal et al. 2023, "Let's Sample Step by Step")."""

from __future__ import annotations

import math
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process
from tradespace.components.processes import Rounds
from tradespace.components.prompts.tasks import THINK
from tradespace.components.strategies.algebra import loop
from tradespace.components.strategies.base import ModelCaller, Strategy
from tradespace.components.strategies.candidates import Candidate, Samples, Temperature, alike, draw, voted
from tradespace.types import Request


class AdaptiveConsistency(Strategy):
    """Chains are drawn until one answer leads the next by enough, or `k` are drawn; then they vote.

    With v1 and v2 votes for the first two, drawing ends once P[Beta(v1 + 1, v2 + 1) > 1/2] reaches `level`. One by one
    it draws the fewest; waves wait less often.
    """

    name: ClassVar[str] = "adaptive_consistency"
    in_words: ClassVar[str] = "by a vote of up to {k} chains of thought"

    k: Samples = 32
    temperature: Temperature = 0.8
    level: float = Field(default=0.95, ge=0.5, le=1, description="certainty of the majority at which drawing ends")
    wave: int = Field(default=1, ge=1, le=256, description="how many chains are drawn in parallel")

    def run(self, model_caller: ModelCaller, request: Request) -> Process:
        def wave(drawn: list[Candidate]) -> Rounds[list[Candidate]]:
            count = min(self.wave, self.k - len(drawn))
            return drawn + (yield from draw(model_caller, THINK, request, self.temperature, k=count, first=len(drawn)))

        def clear(drawn: list[Candidate]) -> bool:
            first, second, *_ = [*map(len, alike(drawn, model_caller.form)), 0, 0]
            return first > 0 and majority_certainty(first, second) >= self.level

        nothing: list[Candidate] = []
        drawn = yield from loop(nothing, wave, until=clear, deadline=math.ceil(self.k / self.wave))
        return voted(drawn, model_caller.form)


def majority_certainty(first: int, second: int) -> float:
    """P[Beta(first + 1, second + 1) > 1/2]: how sure it is that the leading answer leads the next in the long run.

    For whole numbers of votes that is a sum of binomial coefficients.

    >>> majority_certainty(4, 0)
    0.96875
    """
    draws = first + second + 1
    return float(sum(math.comb(draws, heads) for heads in range(first + 1)) / 2**draws)
