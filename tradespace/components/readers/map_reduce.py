"""Map and reduce: notes are taken from each passage, and the answer is made from the notes (METIS, Ray et al. 2024)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process, completion_of
from tradespace.components.prompts.tasks import NOTE
from tradespace.components.readers.llm import ModelReader
from tradespace.components.strategies.base import Strategy
from tradespace.components.strategies.direct import Direct
from tradespace.types import Passage, Request


class MapReduce(ModelReader):
    """Notes on all passages in parallel, then the strategy on the notes. Prompts stay short however many passages."""

    name: ClassVar[str] = "map_reduce"
    in_words: ClassVar[str] = "{model} takes notes on each, and answers from these {strategy}"

    strategy: Strategy = Field(default=Direct(), description="how the answer is made from the notes")

    def process(self, request: Request) -> Process:
        model_caller = yield from self.caller_for(request)
        passages = self.shown(request).passages
        outcomes = yield [model_caller.call(NOTE, Request(request.question, (passage,))) for passage in passages]
        notes = tuple(
            Passage(passage.id, passage.document_id, completion_of(outcome).text)
            for passage, outcome in zip(passages, outcomes, strict=True)
        )
        return (yield from self.strategy.run(model_caller, Request(request.question, notes)))
