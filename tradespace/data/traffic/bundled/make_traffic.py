"""Makes the bundled traces of the published files: `python -m tradespace.data.traffic.bundled.make_traffic FOLDER`."""

from __future__ import annotations

import csv
import gzip
import lzma
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tradespace.data.traffic.servegen import SERVEGEN_COLUMNS
from tradespace.data.traffic.trace import ArrivalTrace
from tradespace.data.traffic.trace_file import read_trace

HERE = Path(__file__).parent
AZURE = {"conv": 1800.0, "code": 3600.0}
"""Seconds of each service that are bundled, from the start of its trace."""


def main(published: Path) -> None:
    """Write the files of this folder from a folder with `azure_traces` and `servegen`, as they are published."""
    for service, seconds in AZURE.items():
        trace = read_trace(published / "azure_traces" / f"AzureLLMInferenceTrace_{service}.csv.gz")
        _write(f"azure_{service}", ("time", "tokens_in", "tokens_out"), _requests(trace.between(0, seconds)))
    with gzip.open(published / "servegen" / "deepseek_r1_arrivals.csv.gz", "rt", encoding="utf-8") as file:
        windows = [row for row in csv.DictReader(file) if float(row["rate_per_s"])]
    _write("deepseek_r1", SERVEGEN_COLUMNS, ([_short(row[name]) for name in SERVEGEN_COLUMNS] for row in windows))


def _requests(trace: ArrivalTrace) -> Iterable[tuple[Any, ...]]:
    assert trace.tokens_in is not None and trace.tokens_out is not None
    return zip((f"{time:.3f}" for time in trace.arrivals), trace.tokens_in, trace.tokens_out, strict=True)


def _short(cell: str) -> str:
    """A number to five digits: a window has fewer requests than it takes to tell more."""
    return f"{float(cell):.5g}" if "." in cell else cell


def _write(name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    with lzma.open(HERE / f"{name}.csv.xz", "wt", preset=9, encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
