"""Reading text, JSON lines and tables so that every fault is noted with file and line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tradespace.data.readers.draft import Draft, Place


def read_bytes(path: Path, draft: Draft) -> bytes | None:
    """The file's content, or None with a fault noted."""
    try:
        return path.read_bytes()
    except OSError as error:
        draft.fail(f"the file cannot be read ({error.strerror})", str(path))
        return None


def read_text(path: Path, draft: Draft) -> str | None:
    """The file's text, or None with a fault noted. It must be UTF-8; a byte order mark is dropped."""
    content = read_bytes(path, draft)
    if content is None:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        draft.fail(
            f"the file must be UTF-8, and byte 0x{content[error.start]:02x} is not; "
            "save it as UTF-8, for instance with: iconv -f WINDOWS-1252 -t UTF-8",
            f"{path}:{line}",
        )
        return None


def at(path: Path, line: int) -> Place:
    """The place of a line."""
    return lambda: f"{path}:{line}"


def json_lines(path: Path, draft: Draft) -> Iterator[tuple[int, Any]]:
    """Number and value of each line that is not blank."""
    text = read_text(path, draft) or ""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                draft.fail(f"a line must be one whole JSON value ({error}){_cut(text, line)}", f"{path}:{number}")
            except RecursionError:
                draft.fail("the JSON value is nested too deeply", f"{path}:{number}")


def table(path: Path, draft: Draft, dialect: str = "excel") -> Iterator[tuple[int, list[str]]]:
    """Line number (of its end) and cells of each row that is not blank."""
    text = read_text(path, draft) or ""
    rows = csv.reader(io.StringIO(text, newline=""), dialect, strict=True)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            hint = "; the file may be cut short" if "unexpected end" in str(error) else ""
            draft.fail(f"the table cannot be read on ({error}){hint}", f"{path}:{rows.line_num}")
            return
        if any(cell.strip() for cell in row):
            yield rows.line_num, row


def _cut(text: str, line: str) -> str:
    return "; the file may be cut short" if text.endswith(line) and not text.endswith("\n") else ""
