"""Best of k with a verifier: draw many, keep the best (Cobbe et al. 2021, "Training Verifiers")."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process
from tradespace.components.prompts.tasks import THINK
from tradespace.components.strategies.algebra import score, top
from tradespace.components.strategies.base import ModelCaller, Strategy
from tradespace.components.strategies.candidates import Samples, Temperature, alike, draw
from tradespace.components.strategies.verifiers.base import Verifier
from tradespace.components.strategies.verifiers.judge import Judge
from tradespace.types import Answer, Request


class BestOfK(Strategy):
    """k chains in parallel, then each distinct answer is verified in parallel. The best verified answer wins.

    Among equally good ones the more frequent wins. The confidence is the verifier's score.
    """

    name: ClassVar[str] = "best_of_k"
    in_words: ClassVar[str] = "by the best of {k} chains of thought"

    k: Samples = 8
    temperature: Temperature = 0.8
    verifier: Verifier = Field(default=Judge(), description="what tells good answers from bad ones")

    def run(self, model_caller: ModelCaller, request: Request) -> Process:
        chains = yield from draw(model_caller, THINK, request, self.temperature, k=self.k)
        candidates = [chains_alike[0] for chains_alike in alike(chains, model_caller.form)]
        scores = yield from score(candidates, lambda candidate: self.verifier.verify(model_caller, request, candidate))
        best = top(candidates, scores, 1)
        return Answer(best[0].answer, max(scores), confidence=max(scores)) if best else Answer("", 0.0, confidence=0.0)
