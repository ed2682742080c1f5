"""Stations computed one after the other, beside the same requests event by event."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.explorer.load.event_driven import Simulation
from tradespace.explorer.load.feed_forward import PlainStation, plain_stations, simulate_plain
from tradespace.explorer.load.profiles import BatchProfile, SharingProfile
from tradespace.explorer.load.stations import (
    Demand,
    OfferedRequests,
    ProviderStation,
    ReplicaStation,
    SharedStation,
    Station,
)
from tradespace.search_space.deployment import TailPolicy

EIGHTHS = st.integers(0, 80).map(lambda number: number / 8)
"""Seconds that add up without rounding, so that many things happen in one instant."""
PROFILES = st.builds(
    BatchProfile,
    sizes=st.just((1, 3)),
    factors=st.tuples(EIGHTHS.map(lambda factor: (factor,)), EIGHTHS.map(lambda factor: (factor,))),
    start=EIGHTHS,
    error=st.sampled_from([0.0, 0.4]),
)
STATIONS = st.builds(
    ReplicaStation,
    name=st.just(""),
    replicas=st.integers(1, 3),
    batch=st.sampled_from([1, 1, 2, 3, 5]),
    wait=EIGHTHS,
    profile=PROFILES,
) | st.builds(ProviderStation, name=st.just(""))


@settings(max_examples=300, deadline=None)
@given(st.data(), st.lists(STATIONS, min_size=1, max_size=4), st.lists(EIGHTHS, min_size=0, max_size=25))
def test_station_after_station_is_event_after_event(
    data: st.DataObject, drawn: list[Station], gaps: list[float]
) -> None:
    """The same request by request, failing questions, batches and scatter included."""
    stations = [replace(station, name=str(number)) for number, station in enumerate(drawn)]
    shape = st.lists(EIGHTHS | st.just(np.inf), min_size=len(stations), max_size=len(stations))
    demand = Demand(np.array(data.draw(st.lists(shape, min_size=1, max_size=6))))
    rows = st.integers(0, len(demand.seconds) - 1)
    questions = data.draw(st.lists(rows, min_size=len(gaps), max_size=len(gaps)))
    offered = OfferedRequests(np.cumsum(gaps), np.array(questions, dtype=np.intp))
    plain = plain_stations(stations)
    assert plain is not None
    fast = simulate_plain(plain, demand, offered, seed=3, scatter=True)
    reference = Simulation(stations, demand, seed=3)
    reference.offer(offered)
    naive = reference.finish().requests
    for field in ("latency", "queued", "served", "fell_back", "busy", "seconds"):
        assert getattr(fast, field) == pytest.approx(getattr(naive, field), abs=1e-6), field


def test_long_runs_agree() -> None:
    """Over thousands of requests under a high load, too."""
    generator = np.random.default_rng(0)
    stations: list[PlainStation] = [
        ReplicaStation("find"),
        ReplicaStation("rerank", replicas=2, batch=4, wait=0.01),
        ReplicaStation("read", replicas=3),
    ]
    demand = Demand(generator.exponential([0.8, 1.7, 2.4], (100, 3)))
    offered = OfferedRequests(np.cumsum(generator.exponential(1, 5000)), generator.integers(0, 100, 5000))
    reference = Simulation(stations, demand)
    reference.offer(offered)
    fast = simulate_plain(stations, demand, offered, seed=0, scatter=True)
    assert fast.latency == pytest.approx(reference.finish().requests.latency)


SLOWING = BatchProfile(busy=(1, 2), factors=((1.0, 1.5),))


@pytest.mark.parametrize(
    "station",
    [
        ReplicaStation("read", replicas=2, profile=SLOWING),
        ReplicaStation("read", capacity=5),
        ReplicaStation("read", tail=TailPolicy(timeout=1)),
        ProviderStation("generate", tail=TailPolicy(retries=1)),
        SharedStation("generate", SharingProfile()),
    ],
)
def test_other_stations_need_events(station: Station) -> None:
    """What a batch takes there depends on what happens meanwhile."""
    assert plain_stations([ReplicaStation("find"), station]) is None


def test_a_replica_that_has_its_host_to_itself_is_not_slowed() -> None:
    """Two stations of one host slow each other, those of two don't."""
    find, read = (
        ReplicaStation("find", profile=SLOWING, host="cpu"),
        ReplicaStation("read", profile=SLOWING, host="gpu"),
    )
    assert plain_stations([find, read]) is not None
    assert plain_stations([find, replace(read, host="cpu")]) is None
