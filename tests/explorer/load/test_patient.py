"""The fast ways to simulate patient stations, beside the same requests event by event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.explorer.load.coupled import serve_together
from tradespace.explorer.load.event_driven import simulate_by_events
from tradespace.explorer.load.feed_forward import serve_alone
from tradespace.explorer.load.patient import PatientRequests, all_patient
from tradespace.explorer.load.profiles import BatchProfile, SharingProfile
from tradespace.explorer.load.simulation import simulate
from tradespace.explorer.load.stations import (
    Demand,
    OfferedRequests,
    ProviderStation,
    ReplicaStation,
    SharedStation,
    SimulatedRequests,
    Station,
)
from tradespace.search_space.deployment import TailPolicy

EIGHTHS = st.integers(0, 80).map(lambda number: number / 8)
"""Seconds that add up without rounding, so that many things happen in one instant."""


def profiles(busy: tuple[int, ...], factors: st.SearchStrategy[float]) -> st.SearchStrategy[BatchProfile]:
    """Of two sizes, at these numbers of busy replicas."""
    row = st.tuples(*[factors for _ in busy])
    return st.builds(
        BatchProfile,
        sizes=st.just((1, 3)),
        busy=st.just(busy),
        factors=st.tuples(row, row),
        start=EIGHTHS,
        scatter=st.sampled_from([0.0, 0.4]),
    )


def pipelines(busy: tuple[int, ...], factors: st.SearchStrategy[float] = EIGHTHS) -> st.SearchStrategy[list[Station]]:
    """A few stations of two hosts, or of a provider."""
    replicas = st.builds(
        ReplicaStation,
        name=st.just(""),
        replicas=st.integers(1, 3),
        batch=st.sampled_from([1, 1, 2, 3, 5]),
        wait=EIGHTHS,
        profile=profiles(busy, factors),
        host=st.sampled_from(["cpu", "gpu"]),
    )
    stations = st.lists(replicas | st.builds(ProviderStation, name=st.just("")), min_size=1, max_size=4)
    return stations.map(lambda drawn: [replace(station, name=str(at)) for at, station in enumerate(drawn)])


@st.composite
def workloads(draw: st.DrawFn, stations: int) -> tuple[Demand, OfferedRequests]:
    """Questions of which some fail at some station, and requests that may arrive at once."""
    seconds = st.lists(EIGHTHS | st.just(np.inf), min_size=stations, max_size=stations)
    demand = Demand(np.array(draw(st.lists(seconds, min_size=1, max_size=6))))
    gaps = draw(st.lists(EIGHTHS, max_size=25))
    rows = st.integers(0, len(demand.seconds) - 1)
    questions = draw(st.lists(rows, min_size=len(gaps), max_size=len(gaps)))
    return demand, OfferedRequests(np.cumsum(gaps), np.array(questions, dtype=np.intp))


def one_after_the_other(stations: Sequence[Station], demand: Demand, offered: OfferedRequests) -> SimulatedRequests:
    """Each station by itself."""
    requests = PatientRequests(stations, demand, offered, seed=3, scatter=True)
    for position in range(len(stations)):
        serve_alone(requests, position)
    return requests.simulated()


def together(stations: Sequence[Station], demand: Demand, offered: OfferedRequests) -> SimulatedRequests:
    """All stations at once."""
    requests = PatientRequests(stations, demand, offered, seed=3, scatter=True)
    serve_together(requests, range(len(stations)))
    return requests.simulated()


def by_events(stations: Sequence[Station], demand: Demand, offered: OfferedRequests) -> SimulatedRequests:
    """The naive reference."""
    return simulate_by_events(stations, demand, offered, seed=3, scatter=True)


def same(fast: SimulatedRequests, naive: SimulatedRequests) -> None:
    """Request by request, at each station."""
    for field in ("latency", "queued", "served", "fell_back", "busy", "seconds"):
        assert getattr(fast, field) == pytest.approx(getattr(naive, field), abs=1e-6), field


@settings(max_examples=100, deadline=None)
@given(st.data(), pipelines(busy=(1,)))
def test_station_after_station_is_event_after_event(data: st.DataObject, stations: list[Station]) -> None:
    """Where no replica slows another: failing questions, batches and scatter included."""
    demand, offered = data.draw(workloads(len(stations)))
    same(one_after_the_other(stations, demand, offered), by_events(stations, demand, offered))


@settings(max_examples=100, deadline=None)
@given(st.data(), pipelines(busy=(1, 2, 4)))
def test_coupled_stations_are_event_after_event(data: st.DataObject, stations: list[Station]) -> None:
    """Where replicas of a host slow each other, too."""
    demand, offered = data.draw(workloads(len(stations)))
    same(together(stations, demand, offered), by_events(stations, demand, offered))


def test_long_runs_agree() -> None:
    """Over thousands of requests under a high load, too."""
    generator = np.random.default_rng(0)
    stations: list[Station] = [
        ReplicaStation("find"),
        ReplicaStation("rerank", replicas=2, batch=4, wait=0.01),
        ReplicaStation("read", replicas=3),
    ]
    demand = Demand(generator.exponential([0.8, 1.7, 2.4], (100, 3)))
    offered = OfferedRequests(np.cumsum(generator.exponential(1, 5000)), generator.integers(0, 100, 5000))
    naive = by_events(stations, demand, offered)
    same(one_after_the_other(stations, demand, offered), naive)
    same(together(stations, demand, offered), naive)


SHARED = st.builds(
    SharedStation,
    name=st.just(""),
    profile=st.builds(
        SharingProfile,
        running=st.just((1, 4)),
        slowdown=st.just((1.0, 2.5)),
        slots=st.integers(1, 5),
        error=st.sampled_from([0.0, 0.4]),
    ),
    servers=st.integers(1, 3),
)


@settings(max_examples=100, deadline=None)
@given(st.data(), pipelines(busy=(1, 2), factors=EIGHTHS.filter(bool)), st.integers(0, 1000))
def test_any_patient_pipeline_is_event_after_event(data: st.DataObject, drawn: list[Station], seed: int) -> None:
    """Whichever blocks it falls into, shared servers with rounds of calls included. No two requests end in one instant:
    which of them a shared server would take first is nobody's promise."""
    stations = list(drawn)
    stations.insert(data.draw(st.integers(0, len(stations))), replace(data.draw(SHARED), name="shared"))
    generator = np.random.default_rng(seed)
    seconds = generator.exponential(1, (8, len(stations)))
    seconds[generator.random(seconds.shape) < 0.1] = np.inf
    rounds = tuple(
        tuple(tuple(generator.exponential(1, calls)) for calls in generator.integers(0, 4, generator.integers(0, 4)))
        for _ in seconds
    )
    demand = Demand(seconds, rounds={[station.name for station in stations].index("shared"): rounds})
    offered = OfferedRequests(np.cumsum(generator.exponential(1, 60)), generator.integers(0, 8, 60))
    same(simulate(stations, demand, offered, seed=3), by_events(stations, demand, offered))


@pytest.mark.parametrize(
    "station",
    [
        ReplicaStation("read", capacity=5),
        ReplicaStation("read", tail=TailPolicy(timeout=1)),
        ProviderStation("generate", tail=TailPolicy(retries=1)),
        SharedStation("generate", SharingProfile(), tail=TailPolicy(hedge_after=0.9)),
    ],
    ids=["capacity", "timeout", "retries", "hedge_after"],
)
def test_other_stations_are_not_patient(station: Station) -> None:
    """They need all events."""
    assert not all_patient([ReplicaStation("find"), station])
    assert all_patient([ReplicaStation("find"), SharedStation("generate", SharingProfile())])


@settings(max_examples=100, deadline=None)
@given(st.data(), pipelines(busy=(1, 2)), EIGHTHS.filter(bool), st.integers(0, 1))
def test_timeouts_that_nothing_reaches_change_nothing(
    data: st.DataObject, stations: list[Station], timeout: float, retries: int
) -> None:
    """With timeouts, retries and a fallback, short or long, the fast way gives what every event in turn gives."""
    demand, offered = data.draw(workloads(len(stations)))
    tail = TailPolicy(timeout=timeout, retries=retries, fallback="quick()")
    demand = replace(demand, fallbacks={place: np.ones(len(demand.seconds)) for place in range(len(stations))})
    impatient: list[Station] = [replace(station, tail=tail) for station in stations]
    same(simulate(impatient, demand, offered, seed=3), by_events(impatient, demand, offered))
