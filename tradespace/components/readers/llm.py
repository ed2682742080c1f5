"""Generated answers: a language model is given the passages and the question, and called by a strategy."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process, Reader
from tradespace.components.llms.base import LanguageModel
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.readers.pointwise import PassageCount
from tradespace.components.strategies.base import Asker, Strategy
from tradespace.components.strategies.direct import Direct
from tradespace.types import Request


class LLMReader(Reader):
    """A language model, called by a strategy. It makes no calls of its own: those of its model are shared by all."""

    name: ClassVar[str] = "llm"

    model: LanguageModel = Field(default=TinyReasoner(), description="the language model")
    strategy: Strategy = Field(default=Direct(), description="how it is called to make an answer")
    passages: PassageCount = 3
    max_tokens: int = Field(default=160, ge=1, le=4096, description="tokens after which a completion is cut off")

    def process(self, request: Request) -> Process:
        shown = Request(request.question, request.passages[: self.passages])
        return (yield from self.strategy.run(Asker(self.model, self.max_tokens), shown))
