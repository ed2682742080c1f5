"""Random search without replacement (Bergstra and Bengio 2012: Random Search for Hyper-Parameter Optimization)."""

from __future__ import annotations

from pathlib import Path
from random import Random as Generator
from typing import ClassVar

from tradespace.components.base import Pipeline
from tradespace.explorer.search.base import Problem, Search, SearchAlgorithm, TrialResult
from tradespace.explorer.search.unseen import Unseen


class Random(SearchAlgorithm):
    """Draw pipelines at random; at every choice each alternative is as likely as its neighbours."""

    name: ClassVar[str] = "random"

    def begin(self, problem: Problem, seed: int, storage: Path | None) -> Search:
        return _RandomSearch(problem, seed, storage)


class _RandomSearch(Search):
    def __init__(self, problem: Problem, seed: int, storage: Path | None) -> None:
        super().__init__(problem, seed, storage)
        self._unseen = Unseen(problem.space, Generator(seed), self.seen)

    def propose(self) -> Pipeline | None:
        return self._unseen.draw()

    def learn(self, pipeline: Pipeline, result: TrialResult) -> None:
        """Nothing is learnt."""
