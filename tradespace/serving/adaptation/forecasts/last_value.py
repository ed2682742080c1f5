"""Tomorrow is as today."""

from __future__ import annotations

from typing import ClassVar

from tradespace.explorer.arrays import Floats
from tradespace.serving.adaptation.forecasts.base import LoadForecast, rates


class LastValue(LoadForecast):
    """The rate of the last interval."""

    name: ClassVar[str] = "last_value"

    def rate(self, counts: Floats, interval: int) -> float:
        return float(rates(counts, interval)[-1])
