"""Search in the corpus, by any retriever."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Retriever, ranking_of
from tradespace.components.processes import Rounds
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.tools.base import Observation, Tool
from tradespace.components.tools.shown_passages import PassagesShown, observed_passages
from tradespace.types import Request


class SearchTool(Tool):
    """Shows the best passages for a query. It makes no calls but those of its retriever: other pipelines share them."""

    name: ClassVar[str] = "search"
    meaning: ClassVar[str] = "finds passages that answer a question, or that tell of what is named"
    parameter: ClassVar[str] = "query"

    retriever: Retriever = Field(default=BM25(), description="what searches")
    passages: PassagesShown = 3

    def use(self, text: str) -> Rounds[Observation]:
        ranking = ranking_of((yield from self.retriever.process(Request(text))))
        return observed_passages([scored.passage for scored in ranking[: self.passages]])
