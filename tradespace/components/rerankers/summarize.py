"""A language model shortens each passage to what helps to answer the question (RECOMP, abstractive; Xu et al. 2023)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process, Reranker, completion_of
from tradespace.components.llms.base import LanguageModel
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.prompts.base import PromptSetting
from tradespace.components.prompts.standard import STANDARD
from tradespace.components.prompts.tasks import SHORTEN
from tradespace.components.rerankers.base import as_ordered, rewritten
from tradespace.components.strategies.answers import is_known
from tradespace.components.strategies.base import ModelCaller
from tradespace.types import Request


class Summarize(Reranker):
    """Notes on each passage, all in parallel, take its place; one of which there is nothing to note goes.

    Its calls are those of `map_reduce` with the same model and tokens. It makes no others.
    """

    name: ClassVar[str] = "summarize"
    in_words: ClassVar[str] = "{model} sums up each"

    model: LanguageModel = Field(default=TinyReasoner(), description="the language model")
    prompt: PromptSetting = STANDARD
    max_tokens: int = Field(default=160, ge=1, le=4096, description="tokens after which notes are cut off")

    def process(self, request: Request) -> Process:
        caller = ModelCaller(self.model, self.max_tokens, prompt=self.prompt)
        outcomes = yield [caller.call(SHORTEN, Request(request.question, (passage,))) for passage in request.passages]
        notes = [completion_of(outcome).text.strip() for outcome in outcomes]
        noted = zip(request.passages, notes, strict=True)
        return as_ordered(rewritten(passage, note) for passage, note in noted if is_known(note))
