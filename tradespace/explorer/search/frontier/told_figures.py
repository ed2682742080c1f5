"""A source for searches that have none: figures are known once they are told, pipeline by pipeline, at one price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.explorer.arrays import Floats
from tradespace.explorer.search.candidates import Appraisal, Cells
from tradespace.search_space.goals import Goals


class ToldFigures:
    """One question stands for all, and one call for evaluating a pipeline; nothing is foretold.

    Every figure that must be known, latencies too, is a score here: it is predicted from those that were told.
    """

    questions = 1
    cost_names: tuple[str, ...] = ()
    unit = "pipelines"

    def __init__(self, goals: Goals) -> None:
        self.score_names = goals.needed
        self.figures: dict[Pipeline, Mapping[str, float]] = {}
        self._numbers: dict[Pipeline, int] = {}

    @property
    def prices(self) -> Floats:
        """Each pipeline costs 1."""
        return np.ones(len(self._numbers))

    def appraise(self, pipelines: Sequence[Pipeline]) -> Appraisal:
        """Nothing is known of those that were not told."""
        numbers = [self._numbers.setdefault(pipeline, len(self._numbers)) for pipeline in pipelines]
        return Appraisal(np.array(numbers, dtype=np.intp), *self.costs(pipelines), self._cells(pipelines))

    def reveal(self, cells: Sequence[tuple[Pipeline, int]]) -> Cells:
        """What was told."""
        return self._cells([pipeline for pipeline, _ in cells])

    def costs(self, pipelines: Sequence[Pipeline]) -> tuple[Floats, Floats]:
        """None is foretold."""
        return np.zeros((len(pipelines), 0)), np.zeros((len(pipelines), 0))

    def _cells(self, pipelines: Sequence[Pipeline]) -> Cells:
        told = np.array([pipeline in self.figures for pipeline in pipelines], dtype=bool)
        scores = [[self.figures.get(each, {}).get(name, np.nan) for name in self.score_names] for each in pipelines]
        missing = [self._numbers[pipeline] for pipeline, known in zip(pipelines, told, strict=True) if not known]
        return Cells(
            np.array(scores, dtype=np.float64).reshape(len(pipelines), len(self.score_names)),
            np.concatenate([[0], np.cumsum(~told)]).astype(np.intp),
            np.array(missing, dtype=np.intp),
            np.zeros(len(pipelines)),
        )
