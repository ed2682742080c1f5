"""What an oracle foretells: the future."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.serving.adaptation.forecasts.base import ExpectedLoad, LoadForecast, burstiness


class Perfect(LoadForecast):
    """Knows all arrivals of a trace. Only a replay can make one, so it is not chosen by name."""

    name: ClassVar[str] = "perfect"

    trace: tuple[float, ...]

    def rate(self, counts: Floats, interval: int) -> float:
        ahead = self.trace[len(counts) : len(counts) + interval]
        return float(np.mean(ahead)) if ahead else 0.0

    def outlook(self, counts: Floats, interval: int) -> ExpectedLoad:
        ahead = self.trace[len(counts) : len(counts) + interval]
        known = np.array(self.trace[: len(counts) + interval])
        return ExpectedLoad(self.rate(counts, interval), float(max(ahead, default=0.0)), burstiness(known))
