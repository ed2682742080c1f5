"""Simulated queues against the formulas of textbooks (Kleinrock 1975, *Queueing Systems*)."""

from __future__ import annotations

from math import factorial, sqrt

import numpy as np
import pytest

from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.profiles import SharingProfile
from tradespace.explorer.load.simulation import simulate
from tradespace.explorer.load.stations import Demand, OfferedRequests, ReplicaStation, SharedStation, Station

REQUESTS = 60_000
BATCHES = 50
"""Batches of the method of batch means: waiting times of neighbours are much alike, those of far ones aren't."""


def latencies(station: Station, seconds: Floats, rate: float, seed: int = 0) -> Floats:
    """Of a Poisson stream, each request with seconds of its own."""
    arrivals = np.cumsum(np.random.default_rng(seed).exponential(1 / rate, len(seconds)))
    return simulate([station], Demand(seconds[:, None]), OfferedRequests(arrivals, np.arange(len(seconds)))).latency


def holds(values: Floats, expected: float) -> None:
    """The mean is within four standard errors of what theory says; these come from the means of batches."""
    means = values[: len(values) // BATCHES * BATCHES].reshape(BATCHES, -1).mean(axis=1)
    error = means.std(ddof=1) / sqrt(BATCHES)
    assert error < 0.1 * expected, "too few requests to tell"
    assert abs(means.mean() - expected) < 4 * error


def exponential(mean: float, seed: int = 1) -> Floats:
    """Service times without memory."""
    return np.random.default_rng(seed).exponential(mean, REQUESTS)


def erlang_c(replicas: int, load: float) -> float:
    """The probability that a request waits, of M/M/c with an offered load in erlangs (Erlang 1917)."""
    waiting = load**replicas / factorial(replicas) / (1 - load / replicas)
    return waiting / (sum(load**free / factorial(free) for free in range(replicas)) + waiting)


@pytest.mark.parametrize("utilisation", [0.3, 0.6, 0.8])
def test_one_replica_with_exponential_seconds(utilisation: float) -> None:
    """M/M/1: latencies are exponential with mean 1 / (service rate - rate), so all quantiles are known."""
    values = latencies(ReplicaStation("read"), exponential(1.0), utilisation)
    mean = 1 / (1 - utilisation)
    holds(values, mean)
    for share in (0.5, 0.95, 0.99):
        holds((values <= -mean * np.log(1 - share)).astype(float), share)


@pytest.mark.parametrize("replicas", [2, 5])
def test_replicas_with_exponential_seconds(replicas: int) -> None:
    """M/M/c: a request waits with Erlang's probability C, then for an exponential time."""
    rate = 0.7 * replicas
    waits = latencies(ReplicaStation("read", replicas=replicas), exponential(1.0), rate) - exponential(1.0)
    waiting = erlang_c(replicas, rate)
    holds((waits > 1e-9).astype(float), waiting)
    holds(waits, waiting / (replicas - rate))
    p95 = np.log(waiting / 0.05) / (replicas - rate)
    holds((waits <= p95).astype(float), 0.95)


def test_one_replica_with_constant_seconds() -> None:
    """M/D/1: the mean wait by Pollaczek and Khinchine, and the share that never waits."""
    waits = latencies(ReplicaStation("read"), np.ones(REQUESTS), 0.7) - 1
    holds(waits, 0.7 / (2 * (1 - 0.7)))
    holds((waits < 1e-9).astype(float), 0.3)


def test_one_replica_with_constant_seconds_by_its_quantiles() -> None:
    """M/D/1: the distribution of waits by Erlang's (1909) alternating sum."""
    rate, wait = 0.7, 3.5
    waits = latencies(ReplicaStation("read"), np.ones(REQUESTS), rate) - 1
    terms = [(-rate * (wait - k)) ** k / factorial(k) * np.exp(rate * (wait - k)) for k in range(int(wait) + 1)]
    holds((waits <= wait).astype(float), (1 - rate) * sum(terms))


@pytest.mark.parametrize("spread", ["constant", "exponential", "two kinds"])
def test_a_shared_server_depends_on_the_mean_alone(spread: str) -> None:
    """M/G/1-PS: the mean latency is that of M/M/1, whatever the distribution of seconds (Kleinrock 1976, 4.4)."""
    kinds = np.random.default_rng(2).random(REQUESTS) < 0.9
    seconds = {
        "constant": np.ones(REQUESTS),
        "exponential": exponential(1.0),
        "two kinds": np.where(kinds, 0.5, 5.5),
    }[spread]
    slots = 200
    one_after_other = SharingProfile(tuple(range(1, slots + 1)), tuple(map(float, range(1, slots + 1))), slots=slots)
    holds(latencies(SharedStation("generate", one_after_other), seconds, 0.6), 1 / (1 - 0.6))
