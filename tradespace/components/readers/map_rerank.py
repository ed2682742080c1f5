"""Map and rerank: a model answers from each passage alone; the most confident answer wins (METIS, Ray et al. 2024)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process, answer_of
from tradespace.components.processes import side_by_side
from tradespace.components.readers.llm import ModelReader
from tradespace.components.readers.pointwise import EMPTY_ANSWER
from tradespace.components.strategies.algebra import confidence
from tradespace.components.strategies.answers import is_known
from tradespace.components.strategies.base import Strategy
from tradespace.components.strategies.direct import Direct
from tradespace.types import Request


class MapRerank(ModelReader):
    """One short prompt for each passage, in parallel; good where one passage holds the whole answer.

    Answers such as "unknown" win only if there is no other.
    """

    name: ClassVar[str] = "map_rerank"
    in_words: ClassVar[str] = "{model} answers from each alone {strategy}, and the surest answer wins"

    strategy: Strategy = Field(default=Direct(), description="how each passage is answered from")

    def process(self, request: Request) -> Process:
        model_caller = yield from self.caller_for(request)
        requests = [Request(request.question, (passage,)) for passage in self.shown(request).passages]
        outcomes = yield from side_by_side([self.strategy.run(model_caller, alone) for alone in requests])
        answers = [answer_of(outcome) for outcome in outcomes]
        return max(answers, key=lambda answer: (is_known(answer.text), confidence(answer)), default=EMPTY_ANSWER)
