"""What a strategy spends in: calls have prices, and what was bought once is free from then on."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from bench.search.recording import Recording
from tradespace.components.base import Pipeline
from tradespace.explorer.arrays import Floats, Integers


@dataclass(frozen=True)
class Moment:
    """What a strategy holds the space to be after it has spent so much.

    Attributes:
        rows: the pipelines that it knows enough of to choose among.
        scores, costs: as it estimates them.
        adds: whether `rows` come to those of the moments before; otherwise they replace them.
        known: whether they answered all questions; where they did not, only those that look best count as found.
    """

    spent: float
    rows: Integers
    scores: Floats
    costs: Floats
    adds: bool = False
    known: bool = True


@dataclass
class Market:
    """The calls of a recording, for sale to one strategy.

    Attributes:
        spent: the price of all distinct calls that were bought.
        moments: what the strategy claimed to know, in order.
        thinking: processor seconds that the strategy took for itself.
        raced_out: pipelines that the strategy dropped, and the one that it holds to be as good in everything.
        refused: pipelines that it holds to miss the bound.
    """

    recording: Recording
    spent: float = 0.0
    moments: list[Moment] = field(default_factory=list)
    thinking: float = 0.0
    raced_out: list[tuple[int, int]] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bought = np.zeros(len(self.recording.prices), dtype=bool)
        self.questions = self.recording.explore
        self.pipelines = len(self.recording.pipelines)

    @cached_property
    def row_of(self) -> dict[Pipeline, int]:
        """The place of each pipeline."""
        return {pipeline: row for row, pipeline in enumerate(self.recording.pipelines)}

    @cached_property
    def totals(self) -> Floats:
        """Sums of scores over the first n questions, of shape (pipelines, questions + 1)."""
        scores = self.recording.scores[:, : self.questions]
        return np.concatenate([np.zeros((len(scores), 1)), np.cumsum(scores, axis=1)], axis=1)

    @cached_property
    def users(self) -> csr_array:
        """How many cells of each pipeline need each call, of shape (pipelines, calls)."""
        recording = self.recording
        ends = recording.starts[:: self.questions]
        ones = np.ones(len(recording.calls), dtype=np.float32)
        return csr_array((ones, recording.calls, ends), shape=(self.pipelines, len(self.bought)))

    def buy(self, rows: Sequence[int] | Integers, first: int, end: int) -> None:
        """Make the calls of pipelines on the questions from `first` up to `end`."""
        starts, calls = self.recording.starts, self.recording.calls
        for row in rows:
            cell = int(row) * self.questions
            self.bought[calls[starts[cell + first] : starts[cell + end]]] = True
        self._count()

    def buy_cheap(self) -> None:
        """Make all cheap calls."""
        self.bought |= self.recording.cheap
        self._count()

    def complete(self) -> Integers:
        """The pipelines of which no call is missing on any question."""
        return np.flatnonzero(self.users @ (~self.bought).astype(np.float32) == 0)

    def estimates(self, rows: Integers, questions: int) -> tuple[Floats, Floats]:
        """Mean score and measured cost on the first questions, which must be bought."""
        return self.totals[rows, questions] / questions, self.recording.cost_on(rows, questions)

    def evaluate(self, row: int) -> tuple[float, float]:
        """Buy a pipeline on all questions, and claim it."""
        self.buy([row], 0, self.questions)
        rows = np.array([row])
        scores, costs = self.recording.explore_scores[rows], self.recording.costs[rows]
        self.moments.append(Moment(self.spent, rows, scores, costs, adds=True))
        return float(scores[0]), float(costs[0])

    def claim(self, rows: Integers, scores: Floats, costs: Floats, *, known: bool = True) -> None:
        """Replace what was claimed before."""
        self.moments.append(Moment(self.spent, rows, scores, costs, known=known))

    @contextmanager
    def thought(self) -> Iterator[None]:
        """What runs inside counts as the strategy's own work."""
        start = time.process_time()
        yield
        self.thinking += time.process_time() - start

    def _count(self) -> None:
        self.spent = float(self.recording.prices @ self.bought)
