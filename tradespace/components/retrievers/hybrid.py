"""Lexical and dense retrieval together: what one misses the other may find."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process, Retriever, ranking_of
from tradespace.components.fusions.base import Fusion
from tradespace.components.fusions.rrf import RRF
from tradespace.components.processes import side_by_side
from tradespace.components.retrievers.base import TopK
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.retrievers.dense import Dense
from tradespace.types import Request


class Hybrid(Retriever):
    """Fuses two rankings. It makes no calls but those of its members, which other pipelines share."""

    name: ClassVar[str] = "hybrid"

    fusion: Fusion = Field(default=RRF(), description="how the two rankings become one")
    bm25: BM25 = Field(default=BM25(), description="the lexical member; its top_k is set by depth")
    dense: Dense = Field(default=Dense(), description="the dense member; its top_k is set by depth")
    depth: int = Field(default=20, ge=2, le=1000, description="how many passages each member hands to the fusion")
    top_k: TopK = 10

    def process(self, request: Request) -> Process:
        members = (self.bm25.with_settings(top_k=self.depth), self.dense.with_settings(top_k=self.depth))
        lexical, dense = yield from side_by_side([member.process(request) for member in members])
        return self.fusion.fuse(ranking_of(lexical), ranking_of(dense))[: self.top_k]
