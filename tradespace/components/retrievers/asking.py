"""What retrievers share that ask a language model what to search for."""

from __future__ import annotations

from abc import ABC
from collections.abc import Sequence
from typing import Any

from pydantic import Field

from tradespace.components.base import Retriever, ranking_of
from tradespace.components.fusions.rrf import reciprocal_rank_fusion
from tradespace.components.llms.base import LanguageModel
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.processes import Rounds, side_by_side
from tradespace.components.prompts.base import PromptSetting
from tradespace.components.prompts.standard import STANDARD
from tradespace.components.prompts.tasks import Instruction
from tradespace.components.retrievers.base import TopK
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.strategies.answers import is_known
from tradespace.components.strategies.base import ModelCaller
from tradespace.components.strategies.candidates import Candidate, draw
from tradespace.types import Ranking, Request


class ModelGuidedRetriever(Retriever, ABC):
    """Another retriever searches for what a language model says. It makes no calls but those of these two."""

    retriever: Retriever = Field(default=BM25(), description="what searches; its top_k is how deep, for each search")
    model: LanguageModel = Field(default=TinyReasoner(), description="the language model")
    prompt: PromptSetting = STANDARD
    max_tokens: int = Field(default=96, ge=1, le=4096, description="tokens after which a completion is cut off")
    top_k: TopK = 10

    def asked(
        self, instruction: Instruction, request: Request, k: int = 1, temperature: float = 0.0, **more: Any
    ) -> Rounds[list[Candidate]]:
        """What the model says, k times side by side; `more` are further fields of the `Task`."""
        model_caller = ModelCaller(self.model, self.max_tokens, prompt=self.prompt)
        return (yield from draw(model_caller, instruction, request, temperature, k=k, **more))

    def searched(self, queries: Sequence[str]) -> Rounds[list[Ranking]]:
        """A ranking for each distinct query, all searched side by side; one such as "none" is left out."""
        distinct = dict.fromkeys(query for query in queries if is_known(query)) or queries[:1]
        outcomes = yield from side_by_side([self.retriever.process(Request(query)) for query in distinct])
        return [ranking_of(outcome) for outcome in outcomes]

    def fused(self, rankings: Sequence[Ranking]) -> Ranking:
        """The rankings as one, by reciprocal ranks: what several searches find, or one finds first, comes first."""
        return reciprocal_rank_fusion(rankings)[: self.top_k]
