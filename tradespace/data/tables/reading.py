"""Tables out of files: CSV, compressed or not, and Parquet; several files are put below each other."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tradespace.data.readers.draft import Draft
from tradespace.data.readers.parquet import parquet_rows
from tradespace.data.readers.text_files import delimiter_of, file_kind, noted_text, table_rows
from tradespace.data.tables.promptfoo import is_promptfoo, unfolded_table
from tradespace.data.tables.text_table import FILE_COLUMN, TextTable
from tradespace.encoding import encodable
from tradespace.errors import DataError, Fault, FileError
from tradespace.files import OPENERS

_TEXTS = (".csv", ".tsv", ".txt")


def read_table(paths: Sequence[Path]) -> TextTable:
    """Read a table, or several of the same columns as one with the column `file`, as where each pipeline has its own.

    Raises:
        DataError: a file cannot be read, has no rows, or other columns than the first; it names file and line.
    """
    tables = [_read_file(path) for path in paths]
    first = tables[0]
    for path, table in zip(paths, tables, strict=True):
        if missing := first.columns.keys() - table.columns.keys():
            raise DataError([Fault(f"lacks columns of {paths[0]}: {', '.join(sorted(missing))}", str(path))])
    return first if len(tables) == 1 else _below_each_other(tables, _file_names(paths))


def _file_names(paths: Sequence[Path]) -> list[str]:
    """What files are called among each other: by their names, with their folders where names repeat."""
    names = [path.name.partition(".")[0] for path in paths]
    return names if len(set(names)) == len(names) else [str(path) for path in paths]


def _below_each_other(tables: Sequence[TextTable], names: Sequence[str]) -> TextTable:
    columns: dict[str, list[str]] = {
        FILE_COLUMN: [name for name, table in zip(names, tables, strict=True) for _ in table.places]
    }
    for column in tables[0].columns:
        columns[column] = [cell for table in tables for cell in table.columns[column]]
    places = [place for table in tables for place in table.places]
    return TextTable(f"{tables[0].name} and {len(tables) - 1} more", columns, places)


def _read_file(path: Path) -> TextTable:
    draft = Draft(path.name, "table")
    kind = file_kind(path)
    try:
        if kind == ".parquet":
            table = _parquet_table(path, draft)
        elif kind in _TEXTS:
            table = _text_table(path, draft)
        else:
            valid = f"{', '.join(_TEXTS)} (also with {' or '.join(OPENERS)} behind it), or .parquet"
            raise FileError(f"the name of a table must end in {valid}", str(path))
    except FileError as error:
        raise DataError(error.faults) from None
    if not draft.fatal and not len(table):
        draft.fail("the table has no rows; it needs one for each pipeline and question", str(path))
    if draft.fatal:
        raise DataError(draft.fatal)
    return table


def _parquet_table(path: Path, draft: Draft) -> TextTable:
    rows = list(parquet_rows(path, draft))
    names = list(rows[0][1]) if rows else []
    columns = {name: [_text(row[name]) for _, row in rows] for name in names}
    return TextTable(path.name, columns, [f"{path}:row {number}" for number, _ in rows])


def _text(value: object) -> str:
    return "" if value is None else encodable(str(value))


def _text_table(path: Path, draft: Draft) -> TextTable:
    text = noted_text(path, draft) or ""
    rows = table_rows(text, path, draft, delimiter=delimiter_of(text))
    line, names = next(rows, (1, []))
    header_names = [name.strip() or ("index" if place == 0 else "") for place, name in enumerate(names)]  # as of pandas
    if is_promptfoo(header_names):
        cells, places = _cells(rows, len(header_names), path, draft)
        return replace(unfolded_table(header_names, cells, places), name=path.name)
    _check_names(header_names, f"{path}:{line}", draft)
    cells, places = _cells(rows, len(header_names), path, draft)
    columns = {name: [row[place] for row in cells] for place, name in enumerate(header_names)}
    return TextTable(path.name, columns, places)


def _cells(
    rows: Iterator[tuple[int, list[str]]], width: int, path: Path, draft: Draft
) -> tuple[list[list[str]], list[str]]:
    """The rows that have as many cells as the header, with their places; the others are noted."""
    whole: list[list[str]] = []
    places: list[str] = []
    for line, row in rows:
        if len(row) != width:
            draft.fail(f"a row must have as many cells as the header, {width}; it has {len(row)}", f"{path}:{line}")
            continue
        whole.append(row)
        places.append(f"{os.fspath(path)}:{line}")
    return whole, places


def _check_names(names: Sequence[str], where: str, draft: Draft) -> None:
    for name, times in Counter(names).items():
        if not name:
            draft.fail("each column must have a name in the first line; one is empty", where)
        elif times > 1:
            draft.fail(f"each column must have a name of its own; {name!r} is given {times} times", where)
