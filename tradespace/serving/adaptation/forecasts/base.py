"""The protocol of forecasts: from the arrivals so far to the load of the next interval."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.serving.adaptation.named import NamedSettings

RECENT = 60
"""Seconds over which the burstiness of arrivals is judged."""
TEN = 10


@dataclass(frozen=True, slots=True)
class ExpectedLoad:
    """The load that is expected until the next decision.

    Attributes:
        rate: requests a second, in the mean.
        peak: requests in the busiest second.
        burstiness: coefficient of variation of the gaps between arrivals, as in `Load`.
    """

    rate: float
    peak: float
    burstiness: float = 1.0

    def more(self, rate: float) -> ExpectedLoad:
        """The same, and so many requests a second besides."""
        return replace(self, rate=self.rate + rate, peak=self.peak + rate)


class LoadForecast(NamedSettings, ABC):
    """A way to foretell arrivals, with its settings. A value without memory: equal pasts have equal futures.

    >>> class Doubled(LoadForecast):
    ...     name = "doubled"
    ...
    ...     def rate(self, counts, interval):
    ...         return 2 * float(counts[-interval:].mean())
    >>> Doubled().outlook(np.array([4.0, 6.0, 5.0, 5.0]), 2)
    ExpectedLoad(rate=10.0, peak=12.0, burstiness=1.0)
    """

    @abstractmethod
    def rate(self, counts: Floats, interval: int) -> float:
        """The rate of the next interval.

        Args:
            counts: arrivals of each second so far, the last one last; at least one.
            interval: seconds between decisions.
        """

    def outlook(self, counts: Floats, interval: int) -> ExpectedLoad:
        """The load of the next interval: as peaked and as bursty as the last minute, at the rate that is foretold."""
        rate = self.rate(counts, interval)
        return ExpectedLoad(rate, rate * peakedness(counts), burstiness(counts))


def rates(counts: Floats, interval: int) -> Floats:
    """Mean arrivals a second in each whole interval so far, the last one last; of what there is, where it is less."""
    whole = len(counts) // interval
    if not whole:
        return np.array([counts.mean()])
    return np.asarray(counts[len(counts) - whole * interval :].reshape(whole, interval).mean(axis=1))


def peakedness(counts: Floats) -> float:
    """The busiest second of the last minute over the busiest ten."""
    recent = counts[-RECENT:]
    tens = rates(recent, TEN)
    return float(recent.max() / tens.max()) if recent.any() else 1.0


def burstiness(counts: Floats) -> float:
    """How bursty the last minute was: the root of the variance of a second's arrivals over their mean; at least 1.

    For a renewal process that ratio tends to the squared coefficient of variation of its gaps (Cox, Renewal Theory,
    1962), which is what `Load.burstiness` is. The variance is that within ten seconds: a rate that changes meanwhile is
    a matter of the forecast.
    """
    recent = counts[-RECENT:]
    whole = len(recent) // TEN * TEN
    if not whole or not recent[-whole:].any():
        return 1.0
    tens = recent[-whole:].reshape(-1, TEN)
    return max(1.0, float(np.sqrt(tens.var(axis=1, ddof=1).mean() / tens.mean())))
