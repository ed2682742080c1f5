"""Reading text, JSON lines and tables so that every fault is noted with file and line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from tradespace import files
from tradespace.data.readers.draft import Draft, Place
from tradespace.errors import FileError

T = TypeVar("T")

DELIMITERS = (",", ";", "\t")
"""What may separate the columns of a CSV file."""


def file_kind(path: Path) -> str:
    """How a file's name ends, in lower case; of a compressed file, as that of what is in it.

    >>> file_kind(Path("corpus.JSONL.gz"))
    '.jsonl'
    """
    inside = path.with_suffix("") if path.suffix in files.OPENERS else path
    return inside.suffix.lower()


def noted(read: Callable[[], T], draft: Draft) -> T | None:
    """What a file gives, or None with a fault noted."""
    try:
        return read()
    except FileError as error:
        draft.fatal += error.faults
        return None


def noted_text(path: Path, draft: Draft) -> str | None:
    """The file's text, or None with a fault noted."""
    return noted(lambda: files.read_text(path), draft)


def at(path: Path, line: int) -> Place:
    """The place of a line."""
    return lambda: f"{path}:{line}"


def json_lines(path: Path, draft: Draft, text: str | None = None) -> Iterator[tuple[int, Any]]:
    """Number and value of each line that is not blank: of a file, or of the text of it, where that was read before."""
    read = noted_text(path, draft) if text is None else text
    for number, line in enumerate((read or "").split("\n"), start=1):
        if line.strip():
            try:
                yield number, files.json_value(line, path, number)
            except FileError as error:
                draft.fatal += error.faults


def tab_lines(path: Path, draft: Draft) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each line that is not blank, of a file of cells between tabs in which quotes mean nothing."""
    for number, line in enumerate((noted_text(path, draft) or "").split("\n"), start=1):
        if line.strip():
            yield number, line.removesuffix("\r").split("\t")


def delimiter_of(text: str) -> str:
    """What separates the cells of a table: of commas, semicolons and tabs, that which is most frequent in its first
    line."""
    header = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=header.count)


def table(path: Path, draft: Draft, dialect: str = "excel") -> Iterator[tuple[int, list[str]]]:
    """Line number (of its end) and cells of each row that is not blank."""
    return table_rows(noted_text(path, draft) or "", path, draft, dialect)


def table_rows(
    text: str, path: Path, draft: Draft, dialect: str = "excel", **changed: Any
) -> Iterator[tuple[int, list[str]]]:
    """`table` of a text that stands in a file; `changed` are settings of csv's that differ from the dialect's."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # a cell may be a whole document
    rows = csv.reader(io.StringIO(text, newline=""), dialect, strict=True, **changed)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            hint = "; the file may be cut short" if "unexpected end" in str(error) else ""
            draft.fail(f"the rest of the table cannot be read ({error}){hint}", f"{path}:{rows.line_num}")
            return
        if any(cell.strip() for cell in row):
            yield rows.line_num, row
