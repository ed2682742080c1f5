"""Traces from files: a column of times, with tokens where they are known, or the requests of each second."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tradespace import files
from tradespace.data.traffic.counts import trace_of_counts
from tradespace.data.traffic.moments import is_moment, moment
from tradespace.data.traffic.servegen import is_servegen, servegen_trace
from tradespace.data.traffic.trace import ArrivalTrace, check_size
from tradespace.errors import DataError, Fault

TIME_COLUMNS = ("time", "timestamp", "arrival", "arrivals", "arrival_time", "arrived_at", "seconds", "start")
COUNT_COLUMNS = ("count", "counts", "requests", "requests_per_second")
TOKENS_IN = ("tokens_in", "contexttokens", "prompt_tokens", "input_tokens")
TOKENS_OUT = ("tokens_out", "generatedtokens", "completion_tokens", "output_tokens")
MOST_BAD_ROWS = 10
"""So many rows that are wrong in a file are shown."""
MOST_DIGITS = 18
"""Longer numbers are no counts."""

Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class _Table:
    """Rows of a file by the names of their columns, which a file may leave out where it has only one."""

    path: Path
    header: tuple[str, ...]
    rows: Sequence[tuple[int, list[str]]]

    def column(self, names: Sequence[str]) -> str | None:
        """The first column that is called so, whatever its case."""
        return next((name for name in self.header if name.lower() in names), None)

    def values(self, column: str, read: Callable[[str], Number]) -> list[Number]:
        """The cells of a column.

        Raises:
            DataError: some cannot be read, or are missing; the first ones are named.
        """
        place, values, faults = self.header.index(column), list[Number](), list[Fault]()
        for line, cells in self.rows:
            try:
                values.append(read(cells[place] if place < len(cells) else ""))
            except ValueError as error:
                faults.append(Fault(str(error), f"{self.path}:{line}"))
        if faults:
            raise DataError(faults[:MOST_BAD_ROWS])
        return values


def read_trace(
    path: Path, *, column: str | None = None, sort: bool = False, name: str = "", source: str = ""
) -> ArrivalTrace:
    """Read a trace from a CSV file, compressed or not.

    It has a row for each request, with a column of times; or a row for each second, with a column of counts; or it is
    of ServeGen's windows. Azure's files of language model services are read as they are published. Times count from the
    first of them. A file of one column of times needs no header.

    Args:
        path: the file; it may end in .gz or .xz.
        column: the one that holds the times, if it has another name than `TIME_COLUMNS`.
        sort: whether times that do not ascend are put in order; without it they are a fault.
        name: of the trace; by default that of the file.
        source: who recorded it; by default the file.

    Raises:
        FileError: the file cannot be read.
        DataError: it is no trace; every fault names its line.
    """
    table = _table(path)
    name, source = name or path.name, source or str(path)
    if is_servegen(table.header):
        windows = ((line, dict(zip(table.header, cells, strict=False))) for line, cells in table.rows)
        return servegen_trace(windows, path, name, source)
    if column is None and (counted := _count_column(table)):
        return trace_of_counts(np.array(table.values(counted, _count)), name=name, source=source)
    return _trace_of_times(table, column or _time_column(table), sort, name, source)


def _trace_of_times(table: _Table, column: str, sort: bool, name: str, source: str) -> ArrivalTrace:
    if column not in table.header:
        message = f"no column is called {column!r}; given: {', '.join(table.header)}"
        raise DataError([Fault(message, f"{table.path}:1")])
    moments = np.array(table.values(column, moment))
    tokens = [
        None if (found := table.column(names)) is None else np.array(table.values(found, _count))
        for names in (TOKENS_IN, TOKENS_OUT)
    ]
    order = np.argsort(moments, kind="stable") if sort else np.arange(len(moments))
    _check(table, moments, sort)
    arrivals = moments[order] - moments[order][0]
    seconds = arrivals[-1] * len(arrivals) / (len(arrivals) - 1)
    tokens_in, tokens_out = [None if each is None else each[order] for each in tokens]
    return ArrivalTrace(name, arrivals, float(seconds), tokens_in, tokens_out, source)


def _check(table: _Table, moments: NDArray[np.float64], sort: bool) -> None:
    """Times must be at least 0, ascend unless they are sorted, and span some time.

    Raises:
        DataError: they do not.
    """
    check_size(len(moments), str(table.path))
    negative = moments < 0
    early = np.append(False, np.diff(moments) < 0) & ~negative & (not sort)
    bad = np.flatnonzero(negative | early)[:MOST_BAD_ROWS]
    if len(bad):
        raise DataError([_fault(table, place, moments[place]) for place in bad.tolist()])
    if moments.min() == moments.max():
        raise DataError([Fault("a trace must span some time; all of its arrivals are at once", str(table.path))])


def _fault(table: _Table, place: int, time: float) -> Fault:
    negative, early = (
        f"a time must be at least 0; given: {time:g}",
        "times must ascend; this one lies before the last one",
    )
    message = negative if time < 0 else f"{early}. Sort the file by time"
    return Fault(message, f"{table.path}:{table.rows[place][0]}")


def _table(path: Path) -> _Table:
    text = files.read_text(path)
    delimiter = max(",;\t", key=text.lstrip().partition("\n")[0].count)
    with files.parsing("a table of arrivals", str(path)):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    if not rows:
        raise DataError([Fault("a trace must have arrivals; the file is empty", str(path))])
    first = [cell.strip() for cell in rows[0][1]]
    if len(first) == 1 and is_moment(first[0]):
        return _Table(path, TIME_COLUMNS[:1], rows)
    return _Table(path, tuple(first), rows[1:])


def _time_column(table: _Table) -> str:
    """The column of times, by its name, or because there is no other.

    Raises:
        DataError: no column is called as times usually are.
    """
    column = table.column(TIME_COLUMNS)
    if column is None and len(table.header) > 1:
        message = (
            f"needs a column of times, called {', '.join(TIME_COLUMNS)}, or one of counts of each second, called "
            f"{', '.join(COUNT_COLUMNS)}; given: {', '.join(table.header)}"
        )
        raise DataError([Fault(message, f"{table.path}:1")])
    return column or table.header[0]


def _count_column(table: _Table) -> str | None:
    """The column of the requests of each second, where there is one.

    Raises:
        DataError: there is one of times too, and it is not clear what a row is.
    """
    counted, timed = table.column(COUNT_COLUMNS), table.column(TIME_COLUMNS)
    if counted and timed:
        message = f"has times in {timed!r} and counts in {counted!r}; a row is either a request, or a second"
        raise DataError(
            [Fault(f"{message}. Leave one column out; a second without requests has a 0", f"{table.path}:1")]
        )
    return counted


def _count(cell: str) -> int:
    if not (cell.strip().isdecimal() and len(cell.strip()) < MOST_DIGITS):
        raise ValueError(f"must be a whole number of at least 0; given: {cell!r}")
    return int(cell)
