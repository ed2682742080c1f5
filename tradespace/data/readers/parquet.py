"""Parquet and Arrow files as records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tradespace import files
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.text_files import file_kind, noted
from tradespace.errors import DataError, Fault, FileError
from tradespace.extras import missing

COLUMN_SUFFIXES = (".parquet", ".arrow")
_FORMATS = {".parquet": "Parquet", ".arrow": "Arrow"}
_RANDOM_ACCESS = b"ARROW1"
"""How Arrow's files begin that can be read from anywhere; those of `datasets` are streams."""


def row_of(file: Path, number: int) -> Place:
    """The place of a row, numbered from 1."""
    return lambda: f"{file}:row {number}"


def parquet_rows(
    file: Path, draft: Draft, columns: Sequence[str] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number, from 1, and fields of each row of a Parquet or Arrow file: of all columns, or of those that are needed.
    Faults are noted."""
    rows = noted(lambda: _rows(file, columns), draft)
    if rows is not None:
        yield from enumerate(rows, start=1)


def _rows(file: Path, columns: Sequence[str] | None) -> list[dict[str, Any]]:
    _require_pyarrow(file)
    content = files.read_bytes(file)
    with files.parsing(_whole(file), str(file)):
        table = _table(file, content)
        missing = [column for column in columns or () if column not in table.column_names]
        if missing:
            present = ", ".join(table.column_names)
            raise FileError(f"columns are missing: {', '.join(missing)}; the file has: {present}", str(file))
        return list((table.select(list(columns)) if columns else table).to_pylist())


def _table(file: Path, content: bytes) -> Any:
    import pyarrow
    import pyarrow.parquet

    source = pyarrow.BufferReader(content)
    if file_kind(file) == ".parquet":
        return pyarrow.parquet.read_table(source)
    return _arrow(source, content[: len(_RANDOM_ACCESS)]).read_all()


def _arrow(source: Any, start: bytes) -> Any:
    """A reader of an Arrow file of either kind, by its first bytes."""
    import pyarrow.ipc

    return pyarrow.ipc.open_file(source) if start == _RANDOM_ACCESS else pyarrow.ipc.open_stream(source)


def column_names(file: Path) -> list[str]:
    """The names of the columns.

    Raises:
        FileError: it is no Parquet or Arrow file.
        DataError: what reads such files is not installed.
    """
    _require_pyarrow(file)
    import pyarrow
    import pyarrow.parquet

    files.check_regular(file)
    with files.parsing(_whole(file), str(file)):
        if file_kind(file) == ".parquet":
            return list(pyarrow.parquet.read_schema(file).names)
        with pyarrow.OSFile(str(file)) as source:
            start = source.read(len(_RANDOM_ACCESS))
            source.seek(0)
            return list(_arrow(source, start).schema.names)


def _whole(file: Path) -> str:
    return f"a whole file in {_FORMATS[file_kind(file)]}'s format"


def _require_pyarrow(file: Path) -> None:
    if problem := missing(["pyarrow"]):
        raise DataError([Fault(f"reading {_FORMATS[file_kind(file)]} {problem}", str(file))])
