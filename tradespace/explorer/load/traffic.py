"""A load from which arrivals are drawn at any rate."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tradespace.data.traffic import ArrivalTrace
from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.arrivals import first_arrivals
from tradespace.search_space.deployment import Load

MOST_OF_A_TRACE = 10_000


@dataclass(frozen=True)
class Traffic:
    """A load, with the trace that it names.

    >>> Traffic(Load(rate=5.0)).rate
    5.0
    """

    load: Load
    trace: ArrivalTrace | None = None

    @property
    def rate(self) -> float:
        """Requests a second, in the mean."""
        return self.load.rate or (self.trace.rate if self.trace else 0.0)

    def at_least(self, requests: int) -> int:
        """So many, or as many as the trace has, as far as that can be simulated: a part of it has another rate."""
        return max(requests, min(len(self.trace), MOST_OF_A_TRACE)) if self.trace else requests

    def unit_arrivals(self, requests: int, seed: int) -> Floats:
        """Arrivals at one a second in the mean, of shape (requests,): drawn, or from anywhere in the trace."""
        load = replace(self.load, rate=1.0)
        if self.trace is None:
            return first_arrivals(load, requests, seed)
        start = int(np.random.default_rng(seed).integers(len(self.trace)))
        arrivals = first_arrivals(load, start + requests, seed, self.trace)[start:]
        return np.asarray(arrivals - arrivals[0])
