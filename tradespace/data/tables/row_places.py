"""Where each row of a table belongs among pipelines and questions, and everything that is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from tradespace.data.tables.resolving import ResolvedColumns
from tradespace.data.tables.setting_names import setting_names
from tradespace.data.tables.text_table import SettingValue, TextTable, is_missing, number_in, setting_values
from tradespace.errors import DataError, Fault

MOST_FAULTS = 20
"""Faults of one kind that are listed; the rest are counted."""
ROUNDING = 1e-6
"""How far beyond its range a score may lie, as a share of it: a cosine of 1.0000002 is 1."""

Ranges = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class RowPlaces:
    """Places of rows.

    Attributes:
        pipelines: the settings of each, in the order in which they first come.
        questions: in the same order.
        pipeline_of, question_of: the places of each row's pipeline and question among these.
    """

    pipelines: Sequence[Mapping[str, SettingValue]]
    questions: Sequence[str]
    pipeline_of: NDArray[np.intp]
    question_of: NDArray[np.intp]

    def pairs(self) -> Iterator[tuple[int, int]]:
        """The place of each row of the table: pipeline, question."""
        return zip(self.pipeline_of.tolist(), self.question_of.tolist(), strict=True)


def checked_rows(resolved: ResolvedColumns, ranges: Ranges) -> RowPlaces:
    """Place the rows.

    Raises:
        DataError: something is wrong; see `recorded_grid`.
    """
    table = resolved.table
    _raise([*_questions_missing(resolved), *_number_faults(resolved, ranges)])
    rows = _row_places(resolved)
    _raise(_capped(_duplicates(resolved, rows)))
    if len(rows.pipelines) < 2:
        alone = described(rows.pipelines[0])
        advice = "two are needed to compare; name the columns that tell pipelines apart as settings"
        raise DataError([Fault(f"all rows are of one pipeline, {alone}: {advice}", table.places[0])])
    _raise(_capped(_strangers(resolved, rows)))
    return rows


def described(settings: Mapping[str, SettingValue]) -> str:
    """A pipeline in words: `embedder='minilm', top_k=5`."""
    return ", ".join(f"{name}={value!r}" for name, value in settings.items())


def _row_places(resolved: ResolvedColumns) -> RowPlaces:
    table, columns = resolved.table, resolved.columns
    values = [setting_values(table.columns[name]) for name in columns.settings]
    settings = list(zip(*values, strict=True))
    asked = [cell.strip() for cell in table.columns[columns.question or ""]]
    names, keys = setting_names(columns.settings), list(map(_typed, settings))
    return RowPlaces(
        [dict(zip(names, row, strict=True)) for row in dict(zip(keys, settings, strict=True)).values()],
        list(dict.fromkeys(asked)),
        _order(keys),
        _order(asked),
    )


def _order(keys: Sequence[Hashable]) -> NDArray[np.intp]:
    """The place of each key among the distinct ones, in the order in which they first come."""
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return np.array([places[key] for key in keys], dtype=np.intp)


def _typed(row: Sequence[SettingValue]) -> tuple[str, ...]:
    """A key that tells 1 from True, which are equal in Python."""
    return tuple(map(repr, row))


def _raise(faults: Sequence[Fault]) -> None:
    if faults:
        raise DataError(faults)


def _capped(faults: Iterator[Fault]) -> list[Fault]:
    first = list(islice(faults, MOST_FAULTS))
    more = sum(1 for _ in faults)
    return [*first, *([Fault(f"and {more:,} more of this kind")] if more else [])]


def _questions_missing(resolved: ResolvedColumns) -> list[Fault]:
    name = resolved.columns.question or ""
    places = zip(resolved.table.places, resolved.table.columns[name], strict=True)
    return _capped(
        Fault(f"column {name!r}: each row must say which question it is about; the cell is empty", place)
        for place, cell in places
        if not cell.strip()
    )


def _number_faults(resolved: ResolvedColumns, ranges: Ranges) -> list[Fault]:
    """Cells that are no numbers, or out of their range; a column with none at all."""
    table, columns = resolved.table, resolved.columns
    faults: list[Fault] = []
    for name in columns.scores:
        faults += _column_faults(table, name, _score_problem(*ranges.get(name, (0.0, 1.0)), stated=name in ranges))
    for name in filter(None, (columns.latency, columns.cost)):
        faults += _column_faults(table, name, _amount_problem)
    return faults


def _column_faults(table: TextTable, name: str, problem: Callable[[float], str | None]) -> list[Fault]:
    cells = table.columns[name]
    problems = {cell: _cell_problem(cell, problem) for cell in set(cells)}
    if all(map(is_missing, problems)):
        return [Fault(f"column {name!r} holds no number: every cell is empty", table.places[0])]
    return _capped(
        Fault(f"column {name!r}: {text}", place)
        for place, cell in zip(table.places, cells, strict=True)
        if (text := problems[cell])
    )


def _cell_problem(cell: str, problem: Callable[[float], str | None]) -> str | None:
    number = number_in(cell)
    if number is None:
        comma = "; decimals have a point" if number_in(cell.replace(",", ".", 1)) is not None else ""
        return f"must be a finite number, or empty where there is none{comma}; given: {cell[:80]!r}"
    return None if math.isnan(number) else problem(number)


def _score_problem(low: float, high: float, *, stated: bool) -> Callable[[float], str | None]:
    advice = (
        ""
        if stated
        else ". If its scores have another range, state it: --range COLUMN=1..5, or `ranges: {COLUMN: [1, 5]}` in YAML"
    )
    slack = ROUNDING * (high - low)

    def problem(number: float) -> str | None:
        if low - slack <= number <= high + slack:
            return None
        return f"a score must lie from {low:g} to {high:g}; given: {number:g}{advice}"

    return problem


def _amount_problem(number: float) -> str | None:
    return None if number >= 0 else f"must not be below 0; given: {number:g}"


def _duplicates(resolved: ResolvedColumns, rows: RowPlaces) -> Iterator[Fault]:
    """Rows about a pipeline and question that an earlier row is about."""
    places: dict[tuple[int, int], str] = {}
    for place, cell in zip(resolved.table.places, rows.pairs(), strict=True):
        if cell in places:
            yield Fault(
                f"pipeline {described(rows.pipelines[cell[0]])} has question {rows.questions[cell[1]]!r} at "
                f"{places[cell]} too; one row is needed for each pipeline and question. If the two differ in a "
                "setting, name its column as one",
                place,
            )
        else:
            places[cell] = place


def _strangers(resolved: ResolvedColumns, rows: RowPlaces) -> Iterator[Fault]:
    """Pipelines that were asked no question that another was asked; each at its first row."""
    asked = np.zeros((len(rows.pipelines), len(rows.questions)), dtype=bool)
    asked[rows.pipeline_of, rows.question_of] = True
    shared = asked.sum(axis=0) > 1
    first = np.unique(rows.pipeline_of, return_index=True)[1].tolist()
    for pipeline in np.flatnonzero(~(asked & shared).any(axis=1)).tolist():
        example = rows.questions[int(np.flatnonzero(asked[pipeline])[0])]
        yield Fault(
            f"pipeline {described(rows.pipelines[pipeline])} has no question in common with any other, so nothing can "
            f"be compared with it; its first question, in column {resolved.columns.question!r}, is {example!r}. Give "
            "equal questions equal ids, or leave it out",
            resolved.table.places[first[pipeline]],
        )
