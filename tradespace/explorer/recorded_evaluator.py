"""From a grid that was measured elsewhere to evaluations: nothing is run, and nothing is timed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from tradespace.components.base import Pipeline
from tradespace.components.readers.recorded import RecordedReader
from tradespace.data.tables import RecordedGrid
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.pipeline_yaml import pipeline_yaml
from tradespace.types import Question


def recorded_pipelines(grid: RecordedGrid) -> list[Pipeline]:
    """The pipelines of a grid, in its order."""
    return [Pipeline((RecordedReader(**settings),)) for settings in grid.settings]


@dataclass(frozen=True)
class RecordedEvaluator:
    """Looks pipelines up, on the questions of one split.

    A score that is missing stays missing. A question without seconds counts as infinitely slow where its pipeline has
    any, and dollars that are missing are left out.
    """

    grid: RecordedGrid
    question_set: QuestionSet
    questions: Sequence[Question]

    def evaluate(self, pipelines: Sequence[Pipeline]) -> list[Evaluation]:
        """Evaluations come in the order of the pipelines.

        Raises:
            KeyError: the grid has no such pipeline, or not all of the questions.
        """
        return [self._evaluation(pipeline) for pipeline in pipelines]

    @cached_property
    def _rows(self) -> dict[Pipeline, int]:
        return {pipeline: row for row, pipeline in enumerate(recorded_pipelines(self.grid))}

    @cached_property
    def _columns(self) -> list[int]:
        return [self.grid.places[question.id] for question in self.questions]

    def _evaluation(self, pipeline: Pipeline) -> Evaluation:
        grid, row = self.grid, self._rows[pipeline]
        usd = () if grid.usd is None else _known(grid.usd[row, self._columns].tolist())
        seconds = () if grid.seconds is None else _known(grid.seconds[row, self._columns].tolist())
        return Evaluation(
            pipeline=str(pipeline),
            yaml=pipeline_yaml(pipeline),
            question_set=self.question_set,
            stages={stage: repr(component) for stage, component in pipeline.stages.items()},
            scores={name: _values(scores[row, self._columns].tolist()) for name, scores in grid.scores.items()},
            metered={"usd": usd} if usd else {},
            end_to_end=seconds,
            address=pipeline.address,
        )


def _values(numbers: Iterable[float]) -> tuple[float | None, ...]:
    return tuple(None if math.isnan(number) else number for number in numbers)


def _known(numbers: Iterable[float]) -> tuple[float | None, ...]:
    """The values; none at all where all are missing."""
    values = _values(numbers)
    return values if any(value is not None for value in values) else ()
