"""Files of records that are published as a JSON array, as JSON lines or as Parquet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradespace import files
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.json_position import JSONPosition
from tradespace.data.readers.parquet import column_names, parquet_rows, row_of
from tradespace.data.readers.text_files import at, json_lines, noted
from tradespace.errors import FileError

RECORD_SUFFIXES = (".json", ".jsonl", ".parquet")


@dataclass(frozen=True)
class NumberedRecords:
    """Numbered records, and where each of them stands."""

    rows: Iterable[tuple[int, Any]]
    place: Callable[[Path, int], Place]


def records(file: Path, draft: Draft) -> NumberedRecords:
    """The records of a file, by the end of its name. What cannot be read is noted."""
    if file.suffix == ".parquet":
        return NumberedRecords(parquet_rows(file, draft), row_of)
    if file.suffix == ".jsonl":
        return NumberedRecords(json_lines(file, draft), at)
    text = noted(lambda: files.read_text(file), draft)
    values = None if text is None else noted(lambda: _array(text, file), draft)
    position = JSONPosition(text or "")
    return NumberedRecords(enumerate(values or []), lambda path, number: lambda: f"{path}:{position.line((number,))}")


def _array(text: str, file: Path) -> list[Any]:
    value = files.json_value(text, file)
    if not isinstance(value, list):
        raise FileError("must be a list of records", f"{file}:1")
    return value


def first_fields(path: Path) -> frozenset[str]:
    """The names of the fields of a file's first record; none where the file does not begin with one."""
    try:
        if path.suffix == ".parquet":
            return frozenset(column_names(path))
        if path.suffix in RECORD_SUFFIXES:
            beginning = files.beginning(path).lstrip("\ufeff \t\r\n[")
            record = json.JSONDecoder().raw_decode(beginning)[0]
            return frozenset(record if isinstance(record, dict) else ())
    except (FileError, ValueError, RecursionError):
        pass
    return frozenset()
