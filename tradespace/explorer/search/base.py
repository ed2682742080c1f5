"""The protocol between an exploration and the strategy that searches: ask for pipelines, tell how they did.

A search is deterministic given its space, its goals, its seed and what it was told in which order. A killed
exploration is therefore continued by repeating the search from the beginning: what was asked before is known already.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tradespace.components.base import Pipeline
from tradespace.errors import SpaceError
from tradespace.explorer.search.account import Account
from tradespace.explorer.search.candidates import CandidateSource
from tradespace.explorer.search.trials import TrialFile
from tradespace.search_space.goals import Goals
from tradespace.search_space.sections import SearchAlgorithmSettings
from tradespace.search_space.space import PipelineSpace


@dataclass(frozen=True)
class Measured:
    """A pipeline that was evaluated: its figure of each measure that the goals need, latencies in seconds."""

    figures: Mapping[str, float]


@dataclass(frozen=True)
class Failed:
    """A pipeline that could not be evaluated, and why."""

    reason: str


@dataclass(frozen=True)
class Partial:
    """A pipeline that was evaluated on some of the questions only; the problem's source knows what came of it."""


TrialResult = Measured | Failed | Partial


@dataclass(frozen=True)
class Step:
    """What a search asks for: a pipeline on a run of the questions, counted from 0; on all of them where it is None."""

    pipeline: Pipeline
    questions: range | None = None


@dataclass(frozen=True)
class Problem:
    """Where is searched, and what for."""

    space: PipelineSpace
    goals: Goals
    source: CandidateSource | None = None

    def values(self, measured: Measured) -> list[float]:
        """The objectives' figures, in their order."""
        return [measured.figures[objective.measure] for objective in self.goals.objectives]

    def excess(self, measured: Measured) -> dict[str, float]:
        """By what share of its limit each bound of the goals is missed, by measure: negative where it is kept."""
        return {bound.measure: bound.share_missed(measured.figures[bound.measure]) for bound in self.goals.bounds}


class Search(ABC):
    """A search under way. Subclasses say what to propose next, and may learn from what they are told."""

    def __init__(self, problem: Problem, seed: int, storage: Path | None = None) -> None:
        self.problem = problem
        self.seed = seed
        self.pending: set[Pipeline] = set()
        self.results: dict[Pipeline, TrialResult] = {}
        self._file = TrialFile(storage, problem.space, problem.goals.maximize) if storage else None

    def ask(self, count: int) -> list[Step]:
        """Up to `count` pipelines to evaluate on all questions, none asked before; fewer, or none, when the space is
        exhausted."""
        asked: list[Step] = []
        while len(asked) < count and (pipeline := self.propose()) is not None:
            self.pending.add(pipeline)
            asked.append(Step(pipeline))
        return asked

    def tell(self, pipeline: Pipeline, result: TrialResult) -> None:
        """Say how a pipeline that was asked for did, once.

        Raises:
            ValueError: it was not asked for, was told before, or a figure is missing or not a number.
        """
        if pipeline not in self.pending:
            raise ValueError(f"only a pipeline that was asked for can be told, once; given: {pipeline}")
        if isinstance(result, Measured):
            self._check(result)
        self.learn(pipeline, result)
        self.pending.remove(pipeline)
        self.results[pipeline] = result
        self._record(pipeline, result)

    @property
    def complete(self) -> Sequence[Pipeline]:
        """Pipelines of which all is known that evaluating them would tell, though not all were asked for."""
        return ()

    @property
    def account(self) -> Account | None:
        """What became of the candidates so far; None where a strategy keeps no account."""
        return None

    def save(self) -> None:
        """Write what was told since the last time to Optuna's storage, if this search keeps one."""
        if self._file:
            self._file.save()

    def seen(self, pipeline: Pipeline) -> bool:
        """Whether the pipeline was asked for before."""
        return pipeline in self.pending or pipeline in self.results

    @abstractmethod
    def propose(self) -> Pipeline | None:
        """One pipeline of the space that was not seen; None when there are no more."""

    @abstractmethod
    def learn(self, pipeline: Pipeline, result: TrialResult) -> None:
        """Take in how a pipeline did, or leave it; `results` does not hold it yet."""

    def _record(self, pipeline: Pipeline, result: TrialResult) -> None:
        if self._file and isinstance(result, Measured):
            self._file.add(pipeline, self.problem.values(result), self.problem.excess(result))
        elif self._file and isinstance(result, Failed):
            self._file.add_failed(pipeline, result.reason)

    def _check(self, measured: Measured) -> None:
        needed = self.problem.goals.needed
        if not all(math.isfinite(measured.figures.get(measure, math.nan)) for measure in needed):
            raise ValueError(f"all of {', '.join(needed)} must be finite numbers; given: {measured}. Tell it as Failed")


class SearchAlgorithm(SearchAlgorithmSettings, ABC):
    """A way to search, with its settings. A value: starting it gives a search.

    Class attributes:
        needs_source: whether it wants to know of candidates beforehand, and what they cost.

    >>> class Alphabetical(SearchAlgorithm):
    ...     name = "alphabetical"
    ...     finite_only = True
    ...
    ...     def begin(self, problem, seed, storage):
    ...         return AlphabeticalSearch(problem, seed, storage)
    >>> class AlphabeticalSearch(Search):
    ...     def __init__(self, problem, seed, storage):
    ...         super().__init__(problem, seed, storage)
    ...         self.left = iter(sorted(problem.space.members(), key=str))
    ...
    ...     def propose(self):
    ...         return next(self.left, None)
    ...
    ...     def learn(self, pipeline, told):
    ...         pass  # nothing is learnt
    >>> from tradespace.search_space.specification import load_text
    >>> file = load_text(
    ...     "{name: s, data: {dataset: wikipedia}, pipeline: {retrieve: [dense, bm25]}, objectives: {mrr: maximize}}"
    ... )
    >>> Alphabetical().start(file.space, file.goals, seed=0).ask(5)
    [Step(pipeline=bm25(), questions=None), Step(pipeline=dense(), questions=None)]
    """

    @abstractmethod
    def begin(self, problem: Problem, seed: int, storage: Path | None) -> Search:
        """The search itself."""

    def start(
        self,
        space: PipelineSpace,
        goals: Goals,
        seed: int,
        storage: Path | None = None,
        source: CandidateSource | None = None,
    ) -> Search:
        """Start searching. A `source` says what is known beforehand. With `storage`, trials are also kept in this
        Optuna journal file, which optuna-dashboard opens; an existing file is overwritten.

        Raises:
            SpaceError: the space is infinite, and the algorithm needs a finite one.
        """
        if self.finite_only and space.size() is None:
            raise SpaceError(
                f"{self.name} needs a finite space: give every range of floats a `step`, or choose another strategy"
            )
        return self.begin(Problem(space, goals, source), seed, storage)
