"""Generated answers: a language model is given the passages and the question, and called in one of several ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Call, Operator, Process, Reader
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel, Prompt
from tradespace.components.llms.engine import Generation, Sampling
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.readers.pointwise import PassageCount
from tradespace.components.strategies.base import Strategy
from tradespace.components.strategies.direct import Direct
from tradespace.types import Answer, Outcome, Request


class LLMReader(Reader):
    """A language model, called by a strategy. The answer's score is the mean log-probability of the tokens written."""

    name: ClassVar[str] = "llm"

    model: LanguageModel = Field(default=TinyReasoner(), description="the language model")
    strategy: Strategy = Field(default=Direct(), description="how it is called to make an answer")
    passages: PassageCount = 3
    max_tokens: int = Field(default=160, ge=1, le=4096, description="tokens after which the model is cut off")

    def open(self, corpus: Corpus) -> Operator:
        writer = self.model.load()

        def write(requests: Sequence[Request]) -> list[Outcome]:
            drawn = writer.write([self._prompt(request) for request in requests], Sampling(max_tokens=self.max_tokens))
            return [self._answer(generation) for (generation,) in drawn]

        return write

    def process(self, request: Request) -> Process:
        (outcome,) = yield (Call(self, Request(request.question, request.passages[: self.passages])),)
        return outcome

    def _prompt(self, request: Request) -> Prompt:
        texts = tuple(passage.text for passage in request.passages[: self.passages])
        return Prompt(request.question, texts, self.strategy.mode)

    def _answer(self, generation: Generation) -> Answer:
        logs = generation.log_probabilities
        return Answer(self.strategy.answer(generation.text), sum(logs) / len(logs) if logs else 0.0)
