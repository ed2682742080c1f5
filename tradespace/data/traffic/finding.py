"""Find a trace by its name or path."""

from __future__ import annotations

from pathlib import Path

from tradespace.data.traffic.bundled import BUNDLED_TRACES, bundled_trace
from tradespace.data.traffic.trace import ArrivalTrace
from tradespace.data.traffic.trace_file import read_trace
from tradespace.errors import DataError, nearest
from tradespace.files import expanded


def trace_names() -> tuple[str, ...]:
    """Names of the bundled traces."""
    return tuple(BUNDLED_TRACES)


def find_trace(name: str, base_folder: Path = Path()) -> ArrivalTrace:
    """A bundled trace by its name, or one's own by the path of its file, which may be relative to the base folder.

    Raises:
        FileError: the file cannot be read.
        DataError: there is neither, or the file is no trace; every fault names its line.
    """
    if name in BUNDLED_TRACES:
        return bundled_trace(name)
    path = base_folder / expanded(name)
    if not path.suffix and not path.exists():
        raise DataError(f"no trace is called {name!r}, and there is no such file; {nearest(name, trace_names())}")
    return read_trace(path, name=name)
