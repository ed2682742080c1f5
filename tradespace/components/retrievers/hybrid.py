"""Several retrievers together, such as a lexical and a dense one: what one misses another may find."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from tradespace.addresses import AddedLater
from tradespace.components.base import Process, Retriever, ranking_of
from tradespace.components.fusions.base import Fusion
from tradespace.components.fusions.rrf import RRF
from tradespace.components.processes import side_by_side
from tradespace.components.retrievers.base import TopK
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.retrievers.dense import Dense
from tradespace.types import Request


class Hybrid(Retriever):
    """Fuses the rankings of its members, `bm25` and `dense` or any `retrievers`, which search side by side.

    It makes no calls but those of its members, which other pipelines share.
    """

    name: ClassVar[str] = "hybrid"
    in_words: ClassVar[str] = "several retrievers together find {top_k} passages"

    fusion: Fusion = Field(default=RRF(), description="how the rankings become one")
    bm25: BM25 = Field(default=BM25(), description="the lexical member; its top_k is set by depth")
    dense: Dense = Field(default=Dense(), description="the dense member; its top_k is set by depth")
    depth: int = Field(default=20, ge=2, le=1000, description="how many passages each member hands to the fusion")
    top_k: TopK = 10
    retrievers: Annotated[tuple[Retriever, ...], AddedLater(was="()")] = Field(
        default=(), description="two or more members, in place of bm25 and dense; a top_k of theirs is set by depth"
    )

    @model_validator(mode="after")
    def _members_fit(self) -> Self:
        if len(self.retrievers) == 1:
            raise ValueError(f"retrievers must be two or more; given: {self.retrievers[0]}")
        if self.retrievers and (given := {"bm25", "dense"} & self.chosen_settings.keys()):
            raise ValueError(f"retrievers stand in place of bm25 and dense: leave out {' and '.join(sorted(given))}")
        if problem := self.fusion.members_problem(len(self.members)):
            raise ValueError(problem)
        return self

    @property
    def members(self) -> tuple[Retriever, ...]:
        """What searches, in the order in which rankings are handed to the fusion."""
        members = self.retrievers or (self.bm25, self.dense)
        return tuple(
            member.with_settings(top_k=self.depth) if "top_k" in member.settings else member for member in members
        )

    def process(self, request: Request) -> Process:
        outcomes = yield from side_by_side([member.process(request) for member in self.members])
        return self.fusion.fuse(*map(ranking_of, outcomes))[: self.top_k]
