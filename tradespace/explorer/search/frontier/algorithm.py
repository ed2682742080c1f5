"""Tradespace's own strategy: what is expected to widen the frontier most for its price."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tradespace.explorer.search.base import Problem, Search, SearchAlgorithm
from tradespace.explorer.search.frontier.search import FrontierSearch, FrontierSettings


class Frontier(SearchAlgorithm):
    """Buy what is expected to widen the frontier most for its price, `block` questions at a time.

    At most `pool` pipelines of a space are considered. With a chance of at most `error` one is dropped that belongs to
    the frontier. The search ends when nothing left is likely to improve the frontier by more than `tolerance`.
    """

    name: ClassVar[str] = "frontier"
    needs_source: ClassVar[bool] = True
    block: int = Field(default=25, gt=0)
    pool: int = Field(default=1000, gt=0)
    error: float = Field(default=0.05, gt=0, lt=1)
    tolerance: float = Field(default=0.01, ge=0)

    def begin(self, problem: Problem, seed: int, storage: Path | None) -> Search:
        settings = FrontierSettings(self.block, self.pool, self.error, self.tolerance)
        return FrontierSearch(problem, seed, storage, settings)
