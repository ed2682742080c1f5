"""A trace: when requests arrived, as it was recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradespace.errors import DataError, Fault

MOST_ARRIVALS = 5_000_000


def check_size(arrivals: int, where: str) -> None:
    """Make sure that a trace has gaps, and fits into memory.

    Raises:
        DataError: it has too few arrivals, or too many.
    """
    if not 2 <= arrivals <= MOST_ARRIVALS:
        message = f"a trace has from 2 to {MOST_ARRIVALS:,} arrivals; given: {arrivals:,}"
        raise DataError([Fault(f"{message}. Take a stretch of it" if arrivals else message, where)])


@dataclass(frozen=True, eq=False)
class ArrivalTrace:
    """When requests arrived.

    Attributes:
        name: of a bundled trace, or of the file that it was read from.
        arrivals: seconds from its start, ascending, of shape (requests,).
        seconds: how long it was recorded; what follows the last arrival counts. Repeated, it begins again after them.
        tokens_in: of each request's prompt, where that is known, of shape (requests,).
        tokens_out: of each request's answer, where that is known, of shape (requests,).
        source: who recorded it, of what.

    >>> trace = ArrivalTrace("three", np.array([0.0, 1.0, 1.5]), seconds=2.0)
    >>> len(trace), trace.rate, trace.between(1.0, 2.0).arrivals.tolist()
    (3, 1.5, [0.0, 0.5])
    """

    name: str
    arrivals: NDArray[np.float64]
    seconds: float
    tokens_in: NDArray[np.int64] | None = None
    tokens_out: NDArray[np.int64] | None = None
    source: str = ""

    def __len__(self) -> int:
        return len(self.arrivals)

    @property
    def rate(self) -> float:
        """Requests a second, in the mean."""
        return len(self) / self.seconds

    @property
    def burstiness(self) -> float:
        """The coefficient of variation of the gaps between arrivals: 1 is a Poisson process, more comes in bursts."""
        gaps = np.diff(self.arrivals)
        return float(gaps.std() / gaps.mean())

    def between(self, start: float, end: float) -> ArrivalTrace:
        """The stretch from second `start` to before second `end`, which starts at 0 again.

        Raises:
            ValueError: the trace has no such stretch.
        """
        if not 0 <= start < min(end, self.seconds):
            message = f"a stretch must start within the {self.seconds:g} seconds of the trace, and end after that"
            raise ValueError(f"{message}; given: {start:g} to {end:g}")
        first, last = np.searchsorted(self.arrivals, (start, end))

        def cut(values: NDArray[Any]) -> NDArray[Any]:
            return values[first:last]

        arrivals = cut(self.arrivals) - start
        tokens_in, tokens_out = _of_known(cut, self.tokens_in), _of_known(cut, self.tokens_out)
        return ArrivalTrace(self.name, arrivals, min(end, self.seconds) - start, tokens_in, tokens_out, self.source)


def _of_known(cut: Callable[[NDArray[Any]], NDArray[Any]], values: NDArray[Any] | None) -> NDArray[Any] | None:
    return None if values is None else cut(values)
