"""Traces from counts: how many requests arrived in each second."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tradespace import files
from tradespace.data.traffic.trace import ArrivalTrace, check_size
from tradespace.errors import DataError, Fault


def read_counts(path: Path) -> NDArray[np.int64]:
    """Read a file of one whole number a line, without a header: the requests of each second, of shape (seconds,).

    Such is the Twitter stream that IPA was evaluated on (Ghafouri et al. 2024). A trace of all its 22 days would be too
    long: take a stretch of them for `trace_of_counts`.

    Raises:
        FileError: the file cannot be read.
        DataError: it holds something else.
    """
    lines = files.read_text(path).splitlines()
    if not any(lines):
        raise DataError([Fault("must hold the requests of each second, one whole number a line", str(path))])
    for number, line in enumerate(lines, start=1):
        if not line.strip().isdecimal():
            message = f"each line must hold one whole number of at least 0; given: {line!r}"
            raise DataError([Fault(message, f"{path}:{number}")])
    return np.array(lines, dtype=np.int64)


def trace_of_counts(
    counts: NDArray[np.int64], *, share: float = 1.0, seed: int = 0, name: str = "counts", source: str = ""
) -> ArrivalTrace:
    """Arrivals of so many requests in each second, at moments that are drawn uniformly within it.

    That is what a Poisson process does whose rate changes from second to second, once its counts are known.

    Args:
        counts: of each second.
        share: of the requests that is kept, drawn by chance: 0.125 makes an eighth of the load.
        seed: where drawing starts.
        name: of the trace.
        source: who counted.

    Raises:
        DataError: there are fewer than two arrivals, or too many.
        ValueError: the share is not above 0 and at most 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"a share must be above 0 and at most 1; given: {share:g}")
    generator = np.random.default_rng(seed)
    kept = counts if share == 1 else generator.binomial(counts, share)
    total = int(kept.sum())
    check_size(total, source)
    arrivals = np.repeat(np.arange(len(kept)), kept) + generator.random(total)
    return ArrivalTrace(name, np.sort(arrivals), float(len(kept)), source=source)
