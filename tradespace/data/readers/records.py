"""Records by number: of a file of any kind that has them, or of a folder that Hugging Face's `datasets` reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradespace import files
from tradespace.data.readers.csv_records import csv_records
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.json_records import json_records
from tradespace.data.readers.parquet import COLUMN_SUFFIXES, column_names, parquet_rows, row_of
from tradespace.data.readers.record_folders import RECORD_SUFFIXES, RecordFiles, record_files
from tradespace.data.readers.text_files import at, delimiter_of, file_kind, json_lines, noted
from tradespace.errors import FileError

CSV_SUFFIXES = (".csv", ".tsv")


@dataclass(frozen=True)
class NumberedRecords:
    """Numbered records, and where each of them stands.

    Attributes:
        place: says it, of the path that was read and a number.
        of_texts: whether all values are texts, as in CSV, where several stand in one cell.
    """

    rows: Iterable[tuple[int, Any]]
    place: Callable[[Path, int], Place]
    of_texts: bool = False


def records(path: Path, draft: Draft) -> NumberedRecords:
    """The records that a path stands for: see `record_files`. What cannot be read is noted."""
    found = noted(lambda: found_records(path), draft)
    if found is None:
        return NumberedRecords((), at)
    if found.others:
        other = path / found.others[0]
        message = f"of its splits only {found.split!r} is read, not {', '.join(found.others)}"
        draft.warn(f"{message}; another is named as if it were a folder: {other}", str(path))
    return _records_of(path, draft) if found.files == (path,) else _together(found.files, draft)


def found_records(path: Path) -> RecordFiles:
    """The files of records that a path stands for.

    Raises:
        FileError: there is none, or the path cannot be reached.
    """
    with files.reachable(path):
        found = record_files(path)
    if found is None or not found.files:
        valid = f"the name of a file of records must end in {', '.join(RECORD_SUFFIXES)}"
        raise FileError(f"{valid}; or it must be a folder with the files of one dataset of Hugging Face", str(path))
    return found


def _records_of(file: Path, draft: Draft) -> NumberedRecords:
    """The records of one file, by the end of its name."""
    kind = file_kind(file)
    if kind in COLUMN_SUFFIXES:
        return NumberedRecords(parquet_rows(file, draft), row_of)
    if kind in CSV_SUFFIXES:
        return NumberedRecords(csv_records(file, draft), at, of_texts=True)
    if kind == ".jsonl":
        return NumberedRecords(json_lines(file, draft), at)
    return NumberedRecords(*json_records(file, draft))


def _together(parts: Sequence[Path], draft: Draft) -> NumberedRecords:
    """The records of several files, numbered from 1 throughout."""
    places: dict[int, Place] = {}

    def rows() -> Iterator[tuple[int, Any]]:
        for file in parts:
            part = _records_of(file, draft)
            for number, record in part.rows:
                places[len(places) + 1] = part.place(file, number)
                yield len(places), record

    return NumberedRecords(rows(), lambda _, number: places[number], file_kind(parts[0]) in CSV_SUFFIXES)


def first_fields(path: Path) -> frozenset[str]:
    """The names of the fields of the first record that a path stands for; none where it begins with none."""
    try:
        return frozenset(_fields_of(found_records(path).files[0]))
    except (FileError, ValueError, RecursionError):
        return frozenset()


def _fields_of(file: Path) -> Iterable[str]:
    kind = file_kind(file)
    if kind in COLUMN_SUFFIXES:
        return column_names(file)
    beginning = files.beginning(file).lstrip("\ufeff \t\r\n")
    if kind in CSV_SUFFIXES:
        header = beginning.partition("\n")[0]
        return [name.strip(' "\r') for name in header.split(delimiter_of(header))]
    record = json.JSONDecoder().raw_decode(beginning.lstrip("[ \t\r\n"))[0]
    return record if isinstance(record, dict) else ()
