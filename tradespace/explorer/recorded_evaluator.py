"""From a grid that was measured elsewhere to evaluations: nothing is run, and nothing is timed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.data.tables import RecordedGrid
from tradespace.explorer.arrays import Flags, Integers
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.running.budget import Budget
from tradespace.search_space.recorded import recorded_pipelines, recorded_yaml
from tradespace.types import Question


@dataclass(frozen=True)
class RecordedEvaluator:
    """Looks pipelines up, on the questions of one split.

    A score that is missing stays missing. A question without seconds counts as infinitely slow where its pipeline has
    any, and dollars that are missing are left out.

    Attributes:
        budget: what is charged for each pair of pipeline and question that is looked up for the first time: a call.
    """

    grid: RecordedGrid
    question_set: QuestionSet
    questions: Sequence[Question]
    budget: Budget = field(default_factory=Budget)

    def evaluate(self, pipelines: Sequence[Pipeline]) -> list[Evaluation]:
        """Evaluations come in the order of the pipelines.

        Raises:
            BudgetSpent: more is looked up than the budget allows.
            KeyError: the grid has no such pipeline, or not all of the questions.
        """
        self.make_calls(pipelines, range(len(self.questions)))
        return [self._evaluation(pipeline) for pipeline in pipelines]

    def make_calls(self, pipelines: Sequence[Pipeline], questions: range) -> None:
        """Pay for pipelines on some of the questions; what was paid for is free from then on.

        Raises:
            BudgetSpent: more is looked up than the budget allows.
        """
        rows = [self.rows[pipeline] for pipeline in pipelines]
        wanted = np.zeros_like(self._paid)
        wanted[np.ix_(rows, questions)] = True
        self.budget.asked += len(rows) * len(questions)
        self.budget.spend(int((wanted & ~self._paid).sum()))
        self._paid[wanted] = True

    @cached_property
    def rows(self) -> dict[Pipeline, int]:
        """The row of each pipeline in the grid."""
        return {pipeline: row for row, pipeline in enumerate(recorded_pipelines(self.grid))}

    @cached_property
    def columns(self) -> Integers:
        """The column of each question in the grid."""
        return np.array([self.grid.places[question.id] for question in self.questions], dtype=np.intp)

    @cached_property
    def _paid(self) -> Flags:
        return np.zeros((len(self.rows), len(self.questions)), dtype=bool)

    def _evaluation(self, pipeline: Pipeline) -> Evaluation:
        grid, row = self.grid, self.rows[pipeline]
        usd = () if grid.usd is None else _known(grid.usd[row, self.columns].tolist())
        seconds = () if grid.seconds is None else _known(grid.seconds[row, self.columns].tolist())
        return Evaluation(
            pipeline=str(pipeline),
            yaml=recorded_yaml(pipeline),
            question_set=self.question_set,
            stages={stage: repr(component) for stage, component in pipeline.stages.items()},
            scores={name: _values(scores[row, self.columns].tolist()) for name, scores in grid.scores.items()},
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
