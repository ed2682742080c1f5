"""What running systems recorded: readers of traces, one file for each format. A new one joins through the list here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tradespace.data.traces.base import ReadingAccount, RecordedSpan, TraceReader
from tradespace.data.traces.keeping import Keeping, kept_fields
from tradespace.data.traces.langfuse import Langfuse
from tradespace.data.traces.otlp import OTLP
from tradespace.data.traces.phoenix import Phoenix
from tradespace.data.traces.reading import read_spans, require_spans
from tradespace.data.traces.requests import RecordedRequest, StageUse, recorded_requests
from tradespace.data.traces.writing import ImportedFiles, write_files

TRACE_READERS: tuple[TraceReader, ...] = (OTLP(), Phoenix(), Langfuse())
"""In the order in which they are tried on each value of a file."""

__all__ = [
    "TRACE_READERS",
    "ImportedFiles",
    "Keeping",
    "ReadingAccount",
    "RecordedRequest",
    "RecordedSpan",
    "StageUse",
    "TraceReader",
    "kept_fields",
    "read_requests",
    "recorded_requests",
    "write_files",
]


def read_requests(paths: Sequence[Path], account: ReadingAccount) -> tuple[RecordedRequest, ...]:
    """The requests that files of traces record, in the order of their arrival.

    Raises:
        FileError: a file cannot be read.
        DataError: no file holds a trace.
    """
    spans = list(read_spans(paths, TRACE_READERS, account))
    require_spans(spans, TRACE_READERS, account)
    return recorded_requests(spans)
