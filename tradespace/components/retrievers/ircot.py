"""IRCoT: retrieval and reasoning take turns (Trivedi et al. 2022; self-ask, Press et al. 2022)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process
from tradespace.components.processes import Rounds
from tradespace.components.prompts.tasks import SEARCH
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.components.strategies.algebra import loop
from tradespace.components.strategies.answers import is_known
from tradespace.types import Ranking, Request


@dataclass(frozen=True, slots=True)
class SearchesSoFar:
    """What was found by each search so far, and whether the model misses nothing more."""

    rankings: tuple[Ranking, ...]
    enough: bool = False


class IRCoT(ModelGuidedRetriever):
    """After a search for the question the model reasons over what was found; what it then misses is searched.

    Ends when the model misses nothing, when nothing new is found, or after `steps`. All calls follow one another.
    """

    name: ClassVar[str] = "ircot"
    in_words: ClassVar[str] = "{model} reasons and searches in turns, to find {top_k} passages"

    steps: int = Field(default=2, ge=1, le=16, description="how often the model may ask for another search")
    shown: int = Field(default=5, ge=1, le=20, description="how many of the passages found so far the model reads")

    def process(self, request: Request) -> Process:
        def step(searches: SearchesSoFar) -> Rounds[SearchesSoFar]:
            passages = tuple(scored.passage for scored in self.fused(searches.rankings)[: self.shown])
            (thought,) = yield from self.asked(SEARCH, Request(request.question, passages))
            if not is_known(thought.answer):
                return SearchesSoFar(searches.rankings, enough=True)
            more = yield from self.searched([thought.answer])
            return SearchesSoFar((*searches.rankings, *more), enough=set(more) <= set(searches.rankings))

        first = yield from self.searched([request.question])
        searches = yield from loop(
            SearchesSoFar(tuple(first)), step, until=lambda state: state.enough, deadline=self.steps
        )
        return self.fused(searches.rankings)
