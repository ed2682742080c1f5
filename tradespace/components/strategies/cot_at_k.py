"""Many chains of thought, one vote (self-consistency, Wang et al. 2022; CoT@32 of Gemini, Gemini Team 2023)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process
from tradespace.components.prompts.tasks import THINK
from tradespace.components.strategies.algebra import confidence
from tradespace.components.strategies.base import ModelCaller, Strategy
from tradespace.components.strategies.candidates import Samples, Temperature, VoteRule, draw, voted
from tradespace.components.strategies.direct import Direct
from tradespace.types import Request


class ChainOfThoughtAtK(Strategy):
    """k chains in parallel; the most frequent answer wins. Its share of the vote is the confidence.

    Where the share stays below `route_below`, the model is asked again, greedily and without a chain: Gemini's CoT@32.
    """

    name: ClassVar[str] = "cot_at_k"
    in_words: ClassVar[str] = (
        "by a vote of {k} chains of thought[, directly where less than {route_below} of them agree]"
    )

    k: Samples = 8
    temperature: Temperature = 0.8
    vote: VoteRule = Field(default="majority", description="how chains are weighted: equally, or by their probability")
    route_below: float = Field(
        default=0.0, ge=0, le=1, description="share below which the greedy direct answer is used"
    )

    def run(self, model_caller: ModelCaller, request: Request) -> Process:
        chains = yield from draw(model_caller, THINK, request, self.temperature, k=self.k)
        answer = voted(chains, model_caller.form, self.vote)
        return answer if confidence(answer) >= self.route_below else (yield from Direct().run(model_caller, request))
