"""Intervals of figures of requests that stood in one queue."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tradespace.evals.batch_means import serial_quantile, serial_share
from tradespace.evals.statistics import quantile

RUNS = 200


def queued(generator: np.random.Generator, requests: int, load: float) -> NDArray[np.float64]:
    """Seconds in a single server's queue (M/M/1), from arrival to answer, once it has settled: Lindley's recursion."""
    settled = 1000
    steps = generator.exponential(1, requests + settled) - generator.exponential(1 / load, requests + settled)
    walk = np.concatenate([[0.0], np.cumsum(steps[:-1])])
    waits = walk - np.minimum.accumulate(walk)
    return np.asarray((waits + generator.exponential(1, requests + settled))[settled:])


def within(load: float, probability: float) -> float:
    """The true quantile of the time in an M/M/1 queue whose server takes 1 s in the mean."""
    return -math.log(1 - probability) / (1 - load)


def coverage(load: float, probability: float, estimated: object) -> float:
    generator = np.random.default_rng(7)
    true = within(load, probability)
    estimates = [estimated(queued(generator, 3000, load), probability) for _ in range(RUNS)]  # type: ignore[operator]
    return float(np.mean([estimate.low <= true <= estimate.high for estimate in estimates]))


@pytest.mark.parametrize(("load", "probability"), [(0.5, 0.5), (0.5, 0.95), (0.8, 0.5), (0.8, 0.95)])
def test_intervals_hold_for_requests_that_resemble_each_other(load: float, probability: float) -> None:
    """About nine times in ten, where intervals for independent values hold for less than eight in ten."""
    assert coverage(load, probability, serial_quantile) >= 0.88
    assert coverage(load, probability, lambda values, share: quantile(values.tolist(), share)) < 0.8


def test_intervals_of_independent_values_are_not_much_wider() -> None:
    """Of the median, by less than half; so much costs not knowing that they are independent."""
    values = np.random.default_rng(3).exponential(1, 4000)
    serial, independent = serial_quantile(values, 0.5), quantile(values.tolist(), 0.5)
    assert serial.value == independent.value
    assert None not in (serial.low, serial.high, independent.low, independent.high)
    assert serial.high - serial.low < 1.5 * (independent.high - independent.low)  # type: ignore[operator]


def test_a_short_run_has_no_upper_end() -> None:
    """A p99 of 50 requests could be anything; it isn't said to be known."""
    estimate = serial_quantile(np.arange(50.0), 0.99)
    assert estimate.value == 49
    assert estimate.high == math.inf


def test_failures_are_infinitely_slow() -> None:
    """Where more than one in twenty fail, the p95 is infinite, and the median is not."""
    values = np.where(np.arange(1000) % 10 == 0, math.inf, 1.0)
    assert serial_quantile(values, 0.95).value == math.inf
    assert serial_quantile(values, 0.5).value == 1


def test_shares_of_requests_that_resemble_each_other() -> None:
    """The interval of the share within an SLA holds about nine times in ten."""
    generator, bound = np.random.default_rng(11), within(0.8, 0.9)
    estimates = [serial_share(queued(generator, 3000, 0.8), bound) for _ in range(RUNS)]
    assert np.mean([estimate.low <= 0.9 <= estimate.high for estimate in estimates]) >= 0.88  # type: ignore[operator]


@pytest.mark.parametrize(("bound", "share"), [(2.0, 1.0), (0.5, 0.0)])
def test_a_share_of_all_or_none_is_not_certain(bound: float, share: float) -> None:
    """Others might be on the other side."""
    estimate = serial_share(np.ones(100), bound)
    assert estimate.value == share
    assert (estimate.low == 1) + (estimate.high == 0) == 0


@given(st.lists(st.floats(0, 100) | st.just(math.inf), max_size=60), st.sampled_from([0.1, 0.5, 0.95, 0.99]))
def test_intervals_hold_their_figure(values: list[float], probability: float) -> None:
    """Of whatever values; of none, nothing is known."""
    for estimate in (serial_quantile(values, probability), serial_share(values, 10.0)):
        assert estimate.n == len(values)
        if not values:
            assert estimate.value is None
        else:
            assert estimate.low is not None
            assert estimate.high is not None
            assert estimate.low <= estimate.value <= estimate.high  # type: ignore[operator]
