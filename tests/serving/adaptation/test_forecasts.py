"""What forecasts make of the arrivals so far."""

from __future__ import annotations

import numpy as np
import pytest

from tradespace.serving.adaptation.forecasts import (
    ExponentialAverage,
    LastValue,
    LoadForecast,
    MovingMaximum,
    Perfect,
)
from tradespace.serving.adaptation.forecasts.base import burstiness

PAST = np.repeat([8.0, 2.0, 4.0, 6.0], 10)


@pytest.mark.parametrize(
    ("forecast", "rate"),
    [
        (LastValue(), 6.0),
        (MovingMaximum(intervals=2), 6.0),
        (MovingMaximum(intervals=4), 8.0),
        (ExponentialAverage(weight=0.5), 5.25),  # 8 -> 5 -> 4.5 -> 5.25
    ],
    ids=repr,
)
def test_the_next_rate_follows_from_those_of_past_intervals(forecast: LoadForecast, rate: float) -> None:
    """Each in its own way."""
    assert forecast.rate(PAST, 10) == pytest.approx(rate)


def test_the_busiest_second_is_foretold_as_far_above_the_rate_as_it_lately_was() -> None:
    """Twice the rate where the last minute had such a second."""
    past = np.full(60, 4.0)
    past[20:30] = 32 / 9
    past[25] = 8.0
    outlook = LastValue().outlook(past, 10)
    assert outlook.rate == 4.0
    assert outlook.peak == pytest.approx(8.0)


def test_perfect_foresight_sees_the_next_interval() -> None:
    """Its mean and its busiest second, and nothing after the end."""
    perfect = Perfect(trace=(1.0, 1.0, 5.0, 7.0))
    assert perfect.outlook(np.ones(2), 2).rate == 6.0
    assert perfect.outlook(np.ones(2), 2).peak == 7.0
    assert perfect.outlook(np.ones(4), 2).rate == 0.0


def test_burstiness_is_that_of_the_gaps() -> None:
    """Counts of a renewal process tell the variation of its gaps, about; those of a Poisson process are not bursty."""
    generator = np.random.default_rng(0)
    shape = 1 / 3.0**2
    arrivals = generator.gamma(shape, 1 / (shape * 50), 200_000).cumsum()
    counts = np.bincount(arrivals.astype(int))[:-1].astype(float)
    windows = [burstiness(window) for window in counts[: len(counts) // 60 * 60].reshape(-1, 60)]
    assert np.mean(windows) == pytest.approx(3.0, rel=0.15)
    poisson = generator.poisson(50, (200, 60)).astype(float)
    assert np.mean([burstiness(window) for window in poisson]) == pytest.approx(1.0, abs=0.1)
