"""Reading files of traces, whatever wrote them: JSON as a whole, or a value on each line; formats may be mixed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tradespace import files
from tradespace.data.traces.base import ReadingAccount, RecordedSpan, TraceReader
from tradespace.errors import DataError, FileError

_WRAPPERS = ("data", "traces", "spans", "items")
"""Names under which APIs and exports list what they return."""
_DEEPEST_LISTS = 5
NO_KNOWN_FORMAT = "a value of no format that is known"


def read_spans(
    paths: Sequence[Path], readers: Sequence[TraceReader], account: ReadingAccount
) -> Iterator[RecordedSpan]:
    """All spans of the files, in their order. What can't be read is left out, and noted in the account.

    Raises:
        FileError: a file cannot be read, or is one broken JSON value.
    """
    for path in paths:
        for value, where in _values(files.read_text(path), path, account):
            yield from _spans(value, where, readers, account)


def require_spans(spans: Sequence[RecordedSpan], readers: Sequence[TraceReader], account: ReadingAccount) -> None:
    """Make sure that anything was read.

    Raises:
        DataError: nothing was; it says what is known, and where the first values stand that are not.
    """
    if not spans:
        layouts = "; ".join(f"{reader.name}: {reader.layout}" for reader in readers)
        raise DataError([*account.faults, *DataError(f"no traces were found. Valid: {layouts}").faults])


def _values(text: str, path: Path, account: ReadingAccount) -> Iterator[tuple[Any, str]]:
    """The values of a file with their places: one, or that of each line."""
    lines = text.split("\n")
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    if first is None:
        account.skip("the file is empty", str(path))
    elif _is_whole(lines[first]) and any(line.strip() for line in lines[first + 1 :]):
        yield from _of_lines(lines, path, account)
    else:
        yield files.json_value(text, path), f"{path}:1"


def _is_whole(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _of_lines(lines: Sequence[str], path: Path, account: ReadingAccount) -> Iterator[tuple[Any, str]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield files.json_value(line, path, number), f"{path}:{number}"
            except FileError as error:
                account.skip(error.faults[0].message, error.faults[0].where)


def _spans(
    value: Any, where: str, readers: Sequence[TraceReader], account: ReadingAccount, depth: int = _DEEPEST_LISTS
) -> Iterator[RecordedSpan]:
    reader = next((reader for reader in readers if reader.detects(value)), None)
    if reader:
        account.formats[reader.name] += 1
        yield from reader.spans(value, where, account)
        return
    inner = value if isinstance(value, list) else _wrapped(value)
    if inner is None or not depth:
        account.skip(NO_KNOWN_FORMAT, where)
    for each in inner if inner and depth else ():
        yield from _spans(each, where, readers, account, depth - 1)


def _wrapped(value: Any) -> list[Any] | None:
    """What a response of an API lists."""
    if not isinstance(value, Mapping):
        return None
    return next((value[name] for name in _WRAPPERS if isinstance(value.get(name), list)), None)
