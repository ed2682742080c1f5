"""Retrieve only if needed: what a model already knows need not be searched (Adaptive-RAG, Jeong et al. 2024)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process
from tradespace.components.prompts.tasks import DIRECT
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.components.strategies.answers import is_known, probability
from tradespace.types import Request


class IfNeeded(ModelGuidedRetriever):
    """The model answers without passages first. If it is confident, nothing is searched and no passage is passed on.

    A reader with the same model, asked directly and for as many tokens, then makes the same call: it is made once.
    """

    name: ClassVar[str] = "if_needed"
    in_words: ClassVar[str] = "where {model} is not sure without them, {retriever}"

    sure_from: float = Field(
        default=0.9, ge=0, le=1, description="probability per token from which a model counts as confident"
    )

    def process(self, request: Request) -> Process:
        (known,) = yield from self.asked(DIRECT, Request(request.question))
        if is_known(known.answer) and (probability(known.completion) or 0.0) >= self.sure_from:
            return ()
        return self.fused((yield from self.searched([request.question])))
