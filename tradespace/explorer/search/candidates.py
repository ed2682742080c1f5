"""What a search may know of pipelines without paying for it, and what knowing more would cost.

A pipeline on one question is a *cell*. A cell is known once all its calls are made; until then some are missing, and
each missing call has a price. Cells share calls, so what is bought for one pipeline makes cells of others known, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.explorer.arrays import Floats, Integers


@dataclass(frozen=True)
class Cells:
    """What is known of some cells, in order.

    Attributes:
        scores: what each scores, of shape (cells, score objectives); NaN while calls are missing, and where a measure
            does not apply to the question.
        starts: where the missing calls of each cell begin in `calls`, of shape (cells + 1).
        calls: numbers of the calls that are missing, cell after cell; a source gives equal calls one number.
        further: what calls are expected to cost that can't be named yet, as they depend on what the missing ones come
            to, of shape (cells); 0 where nothing follows.
    """

    scores: Floats
    starts: Integers
    calls: Integers
    further: Floats

    def missing(self, cell: int) -> Integers:
        """The numbers of the calls that a cell lacks; what comes after them may need further calls."""
        return self.calls[self.starts[cell] : self.starts[cell + 1]]


@dataclass(frozen=True)
class Appraisal:
    """What is known of some pipelines, in order.

    Attributes:
        alike: a number for each pipeline; those with one number make the same calls and come to the same outcomes, on
            every question, so that one of them stands for all.
        costs: predicted figures of each pipeline over all questions, of shape (pipelines, names of
            `CandidateSource.cost_names`).
        spread: the relative standard error of these predictions, of the same shape; infinite where nothing is known.
        cells: on all questions, pipeline after pipeline.
    """

    alike: Integers
    costs: Floats
    spread: Floats
    cells: Cells


class CandidateSource(Protocol):
    """Where a search learns about pipelines. It may be asked as often as one likes: nothing dear is called."""

    @property
    def questions(self) -> int:
        """How many there are; blocks of them are taken from the front."""
        ...

    @property
    def cost_names(self) -> tuple[str, ...]:
        """The figures that are foretold: the service level's latency, and the objectives that are no scores."""
        ...

    @property
    def score_names(self) -> tuple[str, ...]:
        """The objectives that are scores."""
        ...

    @property
    def unit(self) -> str:
        """What prices are in: "s" or "usd"."""
        ...

    @property
    def prices(self) -> Floats:
        """The price of every call that has a number so far."""
        ...

    def appraise(self, pipelines: Sequence[Pipeline]) -> Appraisal:
        """What is known of pipelines now. Cheap calls are made where that is needed."""
        ...

    def reveal(self, cells: Sequence[tuple[Pipeline, int]]) -> Cells:
        """What is known of cells (pipeline, question) now that all calls that they lacked were made.

        Some may lack further calls. One whose calls failed is known: it scores 0.
        """
        ...

    def costs(self, pipelines: Sequence[Pipeline]) -> tuple[Floats, Floats]:
        """Costs and their spread, foretold from all that is known by now."""
        ...


@dataclass
class RecordedCandidates:
    """A source whose truth is known: a grid that was measured elsewhere, or a simulation.

    Attributes:
        pipelines: all that there are.
        truth: what each scores, of shape (pipelines, questions, score objectives).
        known_costs: figures, of shape (pipelines, `cost_names`), as they are foretold.
        starts, calls: the calls of each cell, as in `Cells`, cells counted pipeline after pipeline.
        prices: of each call.
        relative_error: the spread of all costs.
    """

    pipelines: Sequence[Pipeline]
    truth: Floats
    known_costs: Floats
    starts: Integers
    calls: Integers
    prices: Floats
    cost_names: tuple[str, ...] = ()
    score_names: tuple[str, ...] = ()
    unit: str = "s"
    relative_error: float = 0.0
    alike: Integers | None = None
    _places: dict[Pipeline, int] = field(init=False)

    def __post_init__(self) -> None:
        self._places = {pipeline: place for place, pipeline in enumerate(self.pipelines)}
        self.questions = self.truth.shape[1]

    def appraise(self, pipelines: Sequence[Pipeline]) -> Appraisal:
        """Costs are known, no score is, and every call is missing."""
        places = self._rows(pipelines)
        cells = (places[:, None] * self.questions + np.arange(self.questions)).ravel()
        counts = self.starts[cells + 1] - self.starts[cells]
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
        within = np.arange(starts[-1]) - np.repeat(starts[:-1], counts)
        calls = self.calls[np.repeat(self.starts[cells], counts) + within]
        scores = np.where((counts > 0)[:, None], np.nan, self.truth.reshape(-1, self.truth.shape[2])[cells])
        alike = places if self.alike is None else self.alike[places]
        return Appraisal(alike, *self.costs(pipelines), Cells(scores, starts, calls, np.zeros(len(cells))))

    def reveal(self, cells: Sequence[tuple[Pipeline, int]]) -> Cells:
        """The truth."""
        places = self._rows([pipeline for pipeline, _ in cells])
        questions = np.array([question for _, question in cells], dtype=np.intp)
        nothing = np.zeros(len(cells) + 1, dtype=np.intp)
        return Cells(self.truth[places, questions], nothing, np.zeros(0, dtype=np.intp), np.zeros(len(cells)))

    def costs(self, pipelines: Sequence[Pipeline]) -> tuple[Floats, Floats]:
        """As they are foretold: they do not change."""
        known = self.known_costs[self._rows(pipelines)]
        return known, np.full_like(known, self.relative_error)

    def _rows(self, pipelines: Sequence[Pipeline]) -> Integers:
        return np.array([self._places[pipeline] for pipeline in pipelines], dtype=np.intp)
