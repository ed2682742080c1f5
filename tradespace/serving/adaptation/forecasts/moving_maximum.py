"""The default: as much as there was lately at most."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.explorer.arrays import Floats
from tradespace.serving.adaptation.forecasts.base import LoadForecast, rates


class MovingMaximum(LoadForecast):
    """The highest rate of the last intervals: it follows a rise at once, and a fall when it has lasted."""

    name: ClassVar[str] = "moving_maximum"

    intervals: int = Field(default=3, ge=1, description="how many of the last intervals count")

    def rate(self, counts: Floats, interval: int) -> float:
        return float(rates(counts, interval)[-self.intervals :].max())
