"""Traces from ServeGen's windows: how the clients of a production service sent requests, ten minutes at a time.

Source: Xiang et al., ServeGen: Workload Characterization and Generation of Large Language Model Serving in Production
(2025), which fits the gaps between the requests of each client in each window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tradespace.data.traffic.trace import ArrivalTrace
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
    columns: Mapping[str, Sequence[str]], path: Path, name: str, source: str, seed: int = 0
) -> ArrivalTrace:
    """All clients' requests together, drawn.

    In its windows a client sends as many requests as it did, at gaps of the fitted distribution, scaled so that they
    fill the window: the fit gives how bursty it was, and the rate how much it sent.

    Args:
        columns: cells by the names of their columns, a window of a client in each row.
        path: of the file, for messages.
        name: of the trace.
        source: who recorded it.
        seed: where drawing starts.

    Raises:
        DataError: a window is none.
    """
    generator = np.random.default_rng(seed)
    windows = zip(*(columns[each] for each in SERVEGEN_COLUMNS[1:]), strict=True)
    drawn, end = [np.empty(0)], 0.0
    for line, (start, rate, pattern, shape) in enumerate(windows, start=2):
        try:
            drawn.append(float(start) + _window(generator, float(rate), pattern, shape))
            end = max(end, float(start) + WINDOW_SECONDS)
        except (KeyError, ValueError):
            message = f"must be a window of a rate, with the pattern {' or '.join(GAPS)} and its parameters"
            raise DataError(
                [Fault(f"{message}; given: {start}, {rate}, {pattern}, {shape}", f"{path}:{line}")]
            ) from None
    return ArrivalTrace(name, np.sort(np.concatenate(drawn)), end, source=source)


def _window(generator: np.random.Generator, rate: float, pattern: str, shape: str) -> NDArray[np.float64]:
    """The requests of one client, in seconds from the start of the window."""
    number = round(rate * WINDOW_SECONDS)
    if number == 0:
        return np.empty(0)
    gaps = GAPS[pattern](generator, float(shape), number + 1)
    moments: NDArray[np.float64] = np.cumsum(gaps[:-1]) / gaps.sum() * WINDOW_SECONDS
    return moments
