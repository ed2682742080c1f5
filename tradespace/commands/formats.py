"""The formats that commands write their answers in: apart, so that `--help` loads nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradespace.reports.columns import NamedRows


class TableFormat(StrEnum):
    """Of an answer on a terminal, or for a program."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class SplitFormat(StrEnum):
    """Of a split: the same, and its figures as a page."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


class ReportFormat(StrEnum):
    """Of a report: a page, text, everything as values, the pipelines as a table, or the figures as pictures."""

    HTML = "html"
    MD = "md"
    JSON = "json"
    CSV = "csv"
    PNG = "png"


def require_terminal(output: Path | None) -> None:
    """Refuse a file for what is printed as a table.

    Raises:
        InputError: a file was named.
    """
    from tradespace.errors import InputError

    if output is not None:
        raise InputError(f"--output {output}: a table is printed; for a file choose --format json or csv")


def print_answer_as(
    format: str, content: Callable[[], Mapping[str, Any]], table: Callable[[], NamedRows], output: Path | None = None
) -> None:
    """Print an answer for a program, or write it to a file and say where.

    Args:
        format: `json` or `csv`.
        content: what JSON holds.
        table: what CSV holds.
        output: the file; standard output where it is None.

    Raises:
        InputError: the file cannot be written.
    """
    from tradespace.reports.plain_text import csv_text, json_text

    print_or_write(json_text(content()) + "\n" if format == TableFormat.JSON else csv_text(table()), output)


def print_or_write(text: str, output: Path | None) -> None:
    """Print a text, or write it to a file and say where.

    Raises:
        InputError: the file cannot be written.
    """
    if output is None:
        print(text, end="")
    else:
        print(f"Written: {write_named(text, output)}")


def write_named(text: str, output: Path) -> Path:
    """Write a file that somebody named, and return its path.

    Raises:
        InputError: it cannot be written.
    """
    from tradespace.errors import InputError

    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"--output {output}: {error.strerror}") from None
    return output
