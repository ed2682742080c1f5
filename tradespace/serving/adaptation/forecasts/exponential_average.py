"""An exponentially weighted average of rates (Holt 1957; Brown 1959)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.explorer.arrays import Floats
from tradespace.serving.adaptation.forecasts.base import LoadForecast, rates


class ExponentialAverage(LoadForecast):
    """A mean of the rates so far in which each interval weighs less than the one after it."""

    name: ClassVar[str] = "exponential_average"

    weight: float = Field(default=0.5, gt=0, le=1, description="of the last interval, against all before it")

    def rate(self, counts: Floats, interval: int) -> float:
        average, *later = rates(counts, interval).tolist()
        for rate in later:
            average += self.weight * (rate - average)
        return float(average)
