"""Request by request as the same stations written in SimPy (`bench/load/simpy_pipeline.py`)."""

from __future__ import annotations

import numpy as np
import pytest

from bench.load.simpy_pipeline import simpy_latencies
from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.event_driven import simulate_by_events
from tradespace.explorer.load.profiles import BatchProfile, SharingProfile
from tradespace.explorer.load.simulation import simulate
from tradespace.explorer.load.stations import Demand, OfferedRequests, ReplicaStation, SharedStation

BATCHED = BatchProfile(sizes=(1, 4), factors=((1.0,), (0.6,)), start=0.1)
SLOWED = BatchProfile(sizes=(1, 4), busy=(1, 3), factors=((1.0, 1.4), (0.6, 0.9)), start=0.1)
DEPLOYMENTS = {
    "one each": [ReplicaStation("find"), ReplicaStation("rerank"), ReplicaStation("read")],
    "replicas": [ReplicaStation("find"), ReplicaStation("rerank", replicas=2), ReplicaStation("read", replicas=4)],
    "batches": [
        ReplicaStation("find"),
        ReplicaStation("rerank", replicas=2, batch=4, wait=0.5, profile=BATCHED),
        ReplicaStation("read", replicas=3, batch=8, profile=BATCHED),
    ],
    "slowed": [
        ReplicaStation("find"),
        ReplicaStation("rerank", replicas=3, batch=2, wait=2, profile=SLOWED, host="cpu"),
        ReplicaStation("read", replicas=4, batch=4, profile=SLOWED, host="gpu"),
    ],
    "shared": [
        ReplicaStation("find"),
        ReplicaStation("rerank", replicas=2, batch=2, profile=BATCHED),
        SharedStation("generate", SharingProfile((1, 4, 8), (1.0, 1.6, 2.4), slots=8)),
    ],
    "reading": [
        ReplicaStation("find"),
        ReplicaStation("rerank", replicas=2, batch=2, profile=BATCHED),
        SharedStation("generate", SharingProfile((1, 4, 8), (1.0, 2.2, 3.6), slots=8, reading=0.3)),
    ],
}


@pytest.fixture(scope="module")
def demand() -> Demand:
    """Slow questions are slow everywhere."""
    generator = np.random.default_rng(0)
    return Demand(generator.lognormal(0, 0.5, (200, 1)) * generator.lognormal([-0.6, 0.1, 0.6], 0.3, (200, 3)))


@pytest.fixture(scope="module")
def offered() -> OfferedRequests:
    """In bursts: the gaps have a coefficient of variation of 2."""
    generator = np.random.default_rng(1)
    return OfferedRequests(np.cumsum(generator.gamma(0.25, 4, 2000)), generator.integers(0, 200, 2000))


def by_events(stations: list[ReplicaStation | SharedStation], demand: Demand, offered: OfferedRequests) -> Floats:
    """What the event-driven core says, whether or not there is a faster way."""
    return simulate_by_events(stations, demand, offered, seed=0, scatter=True).latency


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_each_request_takes_as_long_as_in_simpy(deployment: str, demand: Demand, offered: OfferedRequests) -> None:
    """Through three stages, by the fast ways and event by event."""
    stations = DEPLOYMENTS[deployment]
    expected = simpy_latencies(stations, demand, offered)
    assert (expected > demand.seconds[offered.questions].min(axis=1)).all()
    assert simulate(stations, demand, offered).latency == pytest.approx(expected)
    assert by_events(stations, demand, offered) == pytest.approx(expected)
