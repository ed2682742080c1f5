"""Every pipeline of a finite space."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random as Generator
from typing import ClassVar

from tradespace.components.base import Pipeline
from tradespace.explorer.search.base import Problem, Search, SearchAlgorithm, TrialResult

MOST_SHUFFLED = 100_000


class Grid(SearchAlgorithm):
    """Enumerate the space. `shuffled`, the default, spreads the pipelines so that a search cut short has seen some of
    everything; of very large spaces it shuffles 100,000 at a time. Otherwise they come in the order of the YAML.
    """

    name: ClassVar[str] = "grid"
    finite_only: ClassVar[bool] = True
    shuffled: bool = True

    def begin(self, problem: Problem, seed: int, storage: Path | None) -> Search:
        return _GridSearch(problem, seed, storage, self.shuffled)


class _GridSearch(Search):
    def __init__(self, problem: Problem, seed: int, storage: Path | None, shuffled: bool) -> None:
        super().__init__(problem, seed, storage)
        members = problem.space.members()
        self._members = _shuffled(members, Generator(seed)) if shuffled else members

    def propose(self) -> Pipeline | None:
        return next(self._members, None)

    def learn(self, pipeline: Pipeline, result: TrialResult) -> None:
        """Nothing is learnt."""


def _shuffled(members: Iterator[Pipeline], generator: Generator) -> Iterator[Pipeline]:
    while block := list(islice(members, MOST_SHUFFLED)):
        generator.shuffle(block)
        yield from block
