"""Parquet files as records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tradespace import files
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.text_files import noted
from tradespace.errors import DataError, Fault, FileError
from tradespace.extras import missing


def row_of(file: Path, number: int) -> Place:
    """The place of a row, numbered from 1."""
    return lambda: f"{file}:row {number}"


def parquet_rows(
    file: Path, draft: Draft, columns: Sequence[str] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number, from 1, and fields of each row: of all columns, or of those that are needed. Faults are noted."""
    rows = noted(lambda: _rows(file, columns), draft)
    if rows is not None:
        yield from enumerate(rows, start=1)


def _rows(file: Path, columns: Sequence[str] | None) -> list[dict[str, Any]]:
    _require_pyarrow(file)
    import pyarrow
    import pyarrow.parquet

    content = files.read_bytes(file)
    with files.parsing("a whole file in Parquet's format", str(file)):
        table = pyarrow.parquet.read_table(pyarrow.BufferReader(content))
        missing = [column for column in columns or () if column not in table.column_names]
        if missing:
            present = ", ".join(table.column_names)
            raise FileError(f"columns are missing: {', '.join(missing)}; the file has: {present}", str(file))
        return list((table.select(list(columns)) if columns else table).to_pylist())


def column_names(file: Path) -> list[str]:
    """The names of the columns.

    Raises:
        FileError: it is no Parquet file.
        DataError: what reads such files is not installed.
    """
    _require_pyarrow(file)
    import pyarrow.parquet

    files.check_regular(file)
    with files.parsing("a whole file in Parquet's format", str(file)):
        return list(pyarrow.parquet.read_schema(file).names)


def _require_pyarrow(file: Path) -> None:
    if problem := missing(["pyarrow"]):
        raise DataError([Fault(f"reading Parquet {problem}", str(file))])
