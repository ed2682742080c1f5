"""Traces from ServeGen's windows: how the clients of a production service sent requests, ten minutes at a time.

Source: Xiang et al., ServeGen: Workload Characterization and Generation of Large Language Model Serving in Production
(2025), which fits the gaps between the requests of each client in each window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tradespace.data.traffic.trace import ArrivalTrace, check_size
from tradespace.errors import DataError, Fault

SERVEGEN_COLUMNS = ("client", "start_s", "rate_per_s", "pattern", "parameter_1")
WINDOW_SECONDS = 600.0
GAPS: Mapping[str, Callable[[np.random.Generator, float, int], NDArray[np.float64]]] = {
    "Gamma": lambda generator, shape, number: generator.standard_gamma(shape, number),
    "Weibull": lambda generator, shape, number: generator.weibull(shape, number),
}
"""The distributions that windows were fitted with, by the name of their pattern; their first parameter is the shape."""


def is_servegen(header: Sequence[str]) -> bool:
    """Whether a file with these columns holds such windows."""
    return set(SERVEGEN_COLUMNS) <= set(header)


def servegen_trace(
    rows: Iterable[tuple[int, Mapping[str, str]]], path: Path, name: str, source: str, seed: int = 0
) -> ArrivalTrace:
    """All clients' requests together, drawn.

    In its windows a client sends as many requests as it did, at gaps of the fitted distribution, scaled so that they
    fill the window: the fit gives how bursty it was, and the rate how much it sent.

    Args:
        rows: a window of a client each, by the names of the columns, with the line that it stands in.
        path: of the file, for messages.
        name: of the trace.
        source: who recorded it.
        seed: where drawing starts.

    Raises:
        DataError: a window is none, or there are no requests, or too many.
    """
    windows = [_window(row, f"{path}:{line}") for line, row in rows]
    check_size(sum(window.requests for window in windows), str(path))
    generator = np.random.default_rng(seed)
    arrivals = np.concatenate([_drawn(window, generator) for window in windows if window.requests])
    return ArrivalTrace(
        name, np.sort(arrivals), max(window.start for window in windows) + WINDOW_SECONDS, source=source
    )


@dataclass(frozen=True, slots=True)
class _Window:
    """What a client sent in it."""

    start: float
    requests: int
    pattern: str
    shape: float


def _window(row: Mapping[str, str], where: str) -> _Window:
    start, rate, pattern, shape = (row.get(name, "") for name in SERVEGEN_COLUMNS[1:])
    try:
        window = _Window(float(start), round(float(rate) * WINDOW_SECONDS), pattern, float(shape))
        silent = window.requests == 0
        if window.start >= 0 and (silent or (window.requests > 0 and pattern in GAPS and window.shape > 0)):
            return window
    except (ValueError, OverflowError):
        pass
    must = f"must be a window of a start, a rate, the pattern {' or '.join(GAPS)}, and its shape above 0"
    raise DataError([Fault(f"{must}; given: {start}, {rate}, {pattern}, {shape}", where)])


def _drawn(window: _Window, generator: np.random.Generator) -> NDArray[np.float64]:
    gaps = GAPS[window.pattern](generator, window.shape, window.requests + 1)
    moments: NDArray[np.float64] = window.start + np.cumsum(gaps[:-1]) / (gaps.sum() or 1.0) * WINDOW_SECONDS
    return moments
