"""Records whose columns have other names than usual, as typed rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from tradespace.data.readers.columns import GROUPS, DataColumns
from tradespace.data.readers.csv_records import split_cell
from tradespace.data.readers.draft import Draft
from tradespace.data.readers.records import NumberedRecords
from tradespace.data.readers.rows import R, RecordFields, checked_records, same_names
from tradespace.errors import nearest

_SEVERAL = frozenset({"answers", "answer", "gold", "evidence"})
"""Fields that hold several texts: in one cell, where a record has only texts."""
_ABSENT = object()
"""Stands for what a record does not have."""


def read_rows(
    row: type[R], numbered: NumberedRecords, file: Path, draft: Draft, columns: DataColumns
) -> Iterator[tuple[int, R]]:
    """Number and row of each record, whatever its columns are called; see `checked_records`.

    A column that is named, or that every row needs, and that no record has is one fault, not one for each record.
    """
    renaming, left = _Renaming(row, columns, numbered.of_texts), iter(numbered.rows)
    ahead = list(renaming.until_all_is_seen(left))
    problems = renaming.problems([record for _, record in ahead if isinstance(record, Mapping)])
    for problem in problems:
        draft.fail(problem, numbered.place(file, ahead[0][0])())
    if not problems:
        renamed = ((number, renaming(record)) for number, record in chain(ahead, left))
        yield from checked_records(row, renamed, file, draft, numbered.place)


class _Renaming:
    """Gives records the names that a row knows.

    Attributes:
        wanted: columns by the names of fields.
        groups: columns of groups.
        known: names that the row knows.
        shadowed: those of them whose columns are passed over, as another column has their part.
        required: for each field that a record must have under its usual names, these.
        of_texts: whether a cell may hold several texts.
    """

    def __init__(self, row: type[RecordFields], columns: DataColumns, of_texts: bool) -> None:
        self.known = set(row.valid())
        self.wanted = {name: column for name, column in columns.named().items() if name in self.known}
        self.groups = columns.groups if GROUPS in self.known else ()
        self.shadowed = {name for names in same_names(row) if self.wanted.keys() & set(names) for name in names}
        self.required = [
            names
            for names, field in zip(same_names(row), row.model_fields.values(), strict=True)
            if field.is_required() and not self.wanted.keys() & set(names)
        ]
        self.of_texts = of_texts

    def until_all_is_seen(self, numbered: Iterator[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
        """As many of the records as it takes to see each column that is named or needed: all, where one is missing."""
        unseen = {(column,) for column in (*self.wanted.values(), *self.groups)} | set(self.required)
        for number, record in numbered:
            yield number, record
            unseen = {names for names in unseen if not _has(record, names)}
            if not unseen:
                return

    def problems(self, records: Sequence[Mapping[str, Any]]) -> list[str]:
        """Columns that no record has, though they are named or needed; nothing where there are no records."""
        there = list(dict.fromkeys(str(name) for record in records for name in record))
        named = [*self.wanted.items(), *((GROUPS, column) for column in self.groups)] if records else []
        return [
            f"no column is called {column!r}, which `columns` names as {name}; {nearest(column, there)}"
            for name, column in named
            if not any(_has(record, (column,)) for record in records)
        ] + [
            f"no column is called {names[0]!r}, and each record needs one; {nearest(names[0], there)}. "
            f"Say which it is, by `columns: {{{names[0]}: …}}` in the section `data`"
            for names in self.required
            if records and not any(_has(record, names) for record in records)
        ]

    def __call__(self, record: Any) -> Any:
        if not isinstance(record, Mapping) or not (self.wanted or self.groups or self.of_texts):
            return record
        grouped = {_first_name(record, column) for column in self.groups} - self.known
        used = {_first_name(record, column) for column in self.wanted.values()} | grouped | self.shadowed
        whole = {name: value for name, value in record.items() if name not in used}
        found = {name: value_at(record, column) for name, column in self.wanted.items()}
        whole |= {name: value for name, value in found.items() if value is not _ABSENT}
        if self.groups:
            whole[GROUPS] = self._groups_of(record)
        return {name: self._several(name, value) for name, value in whole.items()} if self.of_texts else whole

    def _groups_of(self, record: Mapping[str, Any]) -> dict[str, Any]:
        values = {column: value_at(record, column) for column in self.groups}
        return {column: value for column, value in values.items() if value is not _ABSENT}

    @staticmethod
    def _several(name: str, value: Any) -> Any:
        return split_cell(value) if name in _SEVERAL and isinstance(value, str) else value


def _has(record: Any, names: Sequence[str]) -> bool:
    return isinstance(record, Mapping) and any(value_at(record, name) is not _ABSENT for name in names)


def _first_name(record: Mapping[str, Any], column: str) -> str:
    return column if column in record else column.partition(".")[0]


def value_at(record: Any, column: str) -> Any:
    """What stands in a column of a record: under its name, or at the end of a path such as `answers.text`, in a list at
    that of each item. A mark of its own where nothing does.

    >>> value_at({"answers": [{"text": "Rollo"}, {"text": "Hrolf"}]}, "answers.text")
    ['Rollo', 'Hrolf']
    """
    if isinstance(record, list):
        found = [value for item in record if (value := value_at(item, column)) is not _ABSENT]
        return found if found or not record else _ABSENT
    if not isinstance(record, Mapping):
        return _ABSENT
    if column in record:
        return record[column]
    first, _, rest = column.partition(".")
    return value_at(record[first], rest) if rest and first in record else _ABSENT
