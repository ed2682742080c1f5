"""HyDE: a made-up answer looks more like the passage sought than the question does (Gao et al. 2022)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process
from tradespace.components.prompts.tasks import SUPPOSE
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.components.strategies.candidates import Temperature
from tradespace.types import Request


class HyDE(ModelGuidedRetriever):
    """The model makes up passages, in parallel; each is searched for with the question, and the rankings are fused."""

    name: ClassVar[str] = "hyde"
    in_words: ClassVar[str] = "{model} makes up what an answer looks like, to find {top_k} passages"

    suppositions: int = Field(default=1, ge=1, le=32, description="how many passages are made up")
    temperature: Temperature = 0.8

    def process(self, request: Request) -> Process:
        made_up = yield from self.asked(SUPPOSE, Request(request.question), self.suppositions, self.temperature)
        rankings = yield from self.searched(
            [f"{request.question} {supposition.completion.text}" for supposition in made_up]
        )
        return self.fused(rankings)
