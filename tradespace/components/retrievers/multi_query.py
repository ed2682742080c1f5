"""Multi-query: several wordings of a question find more than one (RAG-Fusion, Rackauckas 2024; LangChain)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process
from tradespace.components.prompts.tasks import REWORD
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.components.strategies.candidates import Temperature
from tradespace.types import Request


class MultiQuery(ModelGuidedRetriever):
    """The model rephrases the question, then all wordings are searched in parallel and their rankings fused."""

    name: ClassVar[str] = "multi_query"
    in_words: ClassVar[str] = "{model} words the question anew {wordings} times, to find {top_k} passages"

    wordings: int = Field(default=3, ge=1, le=32, description="how many new wordings are drawn, in parallel")
    temperature: Temperature = 0.8

    def process(self, request: Request) -> Process:
        reworded = yield from self.asked(REWORD, Request(request.question), self.wordings, self.temperature)
        rankings = yield from self.searched([request.question, *(wording.answer for wording in reworded)])
        return self.fused(rankings)
