"""A grid that was measured elsewhere: figures by pipeline and question, out of a table; NaN where one is missing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tradespace.addresses import digest
from tradespace.data.dataset import Dataset
from tradespace.data.tables.guessing import in_milliseconds
from tradespace.data.tables.notes import missing_values, single_values
from tradespace.data.tables.resolving import ResolvedColumns
from tradespace.data.tables.row_places import RowPlaces, checked_rows
from tradespace.data.tables.text_table import SettingValue, TextTable, number_in
from tradespace.types import Question

Figures = NDArray[np.float64]
"""Of shape (pipelines, questions)."""
ScoreRange = tuple[float, float]


@dataclass(frozen=True)
class RecordedGrid:
    """What pipelines scored on questions, and what they took.

    Attributes:
        name: of the table.
        settings: those of each pipeline, by column.
        questions: in the order in which they first come.
        scores: by column; from 0 to 1.
        seconds, usd: None where the table has no such column.
        notes: what is worth knowing of it, such as how many scores are missing.
    """

    name: str
    settings: tuple[Mapping[str, SettingValue], ...]
    questions: tuple[str, ...]
    scores: Mapping[str, Figures]
    seconds: Figures | None = None
    usd: Figures | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)

    @cached_property
    def dataset(self) -> Dataset:
        """Its questions, to be split; there are no documents."""
        return Dataset(self.name, (), tuple(Question(name, name) for name in self.questions))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The column of each question."""
        return {name: place for place, name in enumerate(self.questions)}

    @cached_property
    def key(self) -> str:
        """Content address of settings, questions and all figures."""
        figures = {**self.scores, "seconds": self.seconds, "usd": self.usd}
        written = [f"{name}:{None if values is None else values.tobytes().hex()}" for name, values in figures.items()]
        return digest([*map(repr, self.settings), *self.questions, *written])


def recorded_grid(resolved: ResolvedColumns, ranges: Mapping[str, ScoreRange] | None = None) -> RecordedGrid:
    """Put a table's cells in their places.

    Args:
        resolved: the table, and what its columns are.
        ranges: the range of each column of scores that does not reach from 0 to 1: its ends become 0 and 1.

    Raises:
        DataError: a cell is no number or out of its range, two rows are about the same pipeline and question, or a
            pipeline shares no question with another; every fault names its row and column.
    """
    bounds = ranges or {}
    rows = checked_rows(resolved, bounds)
    table, columns = resolved.table, resolved.columns
    scores = {name: _scaled(_placed(table, name, rows), bounds.get(name, (0.0, 1.0))) for name in columns.scores}
    seconds = _seconds(_placed(table, columns.latency, rows), columns.latency) if columns.latency else None
    usd = _placed(table, columns.cost, rows) if columns.cost else None
    notes = [*single_values(resolved)]
    notes += [
        f"column {name!r}: scores from {low:g} to {high:g} are shown as 0 to 1" for name, (low, high) in bounds.items()
    ]
    for name, values in scores.items():
        notes += missing_values(name, values, "it is left out of means, and counted as unscored")
    if columns.latency and seconds is not None:
        notes += missing_values(columns.latency, seconds, "that counts as infinitely slow, as a question that failed")
    if columns.cost and usd is not None:
        notes += missing_values(columns.cost, usd, "it is left out of means")
    return RecordedGrid(table.name, tuple(rows.pipelines), tuple(rows.questions), scores, seconds, usd, tuple(notes))


def _placed(table: TextTable, column: str, rows: RowPlaces) -> Figures:
    figures = np.full((len(rows.pipelines), len(rows.questions)), math.nan)
    figures[rows.pipeline_of, rows.question_of] = [number_in(cell) for cell in table.columns[column]]
    return figures


def _seconds(durations: Figures, column: str) -> Figures:
    return durations / 1000 if in_milliseconds(column) else durations


def _scaled(scores: Figures, bounds: ScoreRange) -> Figures:
    low, high = bounds
    return np.clip((scores - low) / (high - low), 0.0, 1.0)
