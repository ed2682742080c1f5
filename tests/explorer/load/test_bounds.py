"""What no simulation can be better than."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.explorer.load.bounds import highest_rates, least_latencies, least_replicas, utilisations
from tradespace.explorer.load.profiles import BatchProfile, SharingProfile
from tradespace.explorer.load.simulation import simulate
from tradespace.explorer.load.stations import (
    Demand,
    OfferedRequests,
    ProviderStation,
    ReplicaStation,
    SharedStation,
    Station,
)
from tradespace.search_space.deployment import PATIENT, TailPolicy

SECONDS = st.floats(0.01, 10)
POLICIES = st.sampled_from(
    [PATIENT, TailPolicy(hedge_after=0.9, retries=1), TailPolicy(retries=2, fallback="reader()")]
)
BATCH_PROFILES = st.builds(
    BatchProfile,
    sizes=st.just((1, 4)),
    busy=st.just((1, 3)),
    factors=st.tuples(st.tuples(SECONDS, SECONDS), st.tuples(SECONDS, SECONDS)),
    start=st.floats(0, 2),
)
SHARING_PROFILES = st.builds(
    SharingProfile,
    running=st.just((1, 4)),
    slowdown=st.tuples(SECONDS, SECONDS),
    slots=st.integers(1, 6),
    reading=st.sampled_from([0.0, 0.3, 1.0]),
)
REPLICAS = st.builds(
    ReplicaStation,
    name=st.just(""),
    replicas=st.integers(1, 3),
    batch=st.integers(1, 5),
    wait=st.sampled_from([0.0, 1.0]),
    profile=BATCH_PROFILES,
    tail=POLICIES,
    host=st.sampled_from(["cpu", "gpu"]),
)
STATIONS = (
    REPLICAS
    | st.builds(SharedStation, name=st.just(""), profile=SHARING_PROFILES, servers=st.integers(1, 2), tail=POLICIES)
    | st.builds(ProviderStation, name=st.just(""), tail=POLICIES)
)
QUESTIONS = 6


@st.composite
def deployments(draw: st.DrawFn) -> tuple[list[Station], Demand]:
    """Some stations, and questions of which some fail, with rounds, repeats and fallbacks."""
    stations: list[Station] = [replace(draw(STATIONS), name=str(number)) for number in range(draw(st.integers(1, 3)))]
    some_fail = st.lists(SECONDS | st.just(np.inf), min_size=QUESTIONS, max_size=QUESTIONS).map(np.array)
    rounds = st.lists(st.lists(SECONDS, min_size=1, max_size=3).map(tuple), max_size=2).map(tuple)
    places = range(len(stations))
    demand = Demand(
        seconds=np.stack([draw(some_fail) for _ in places], axis=1),
        rounds={
            place: tuple(draw(st.lists(rounds, min_size=QUESTIONS, max_size=QUESTIONS)))
            for place in places
            if isinstance(stations[place], SharedStation) and draw(st.booleans())
        },
        repeats={
            place: np.stack([draw(some_fail), draw(some_fail)], axis=1) for place in places if draw(st.booleans())
        },
        fallbacks={place: draw(some_fail) for place in places},
    )
    return stations, demand


@settings(max_examples=100, deadline=None)
@given(deployments(), st.floats(0.01, 5), st.integers(0, 1000))
def test_a_bound_never_exceeds_what_is_simulated(drawn: tuple[list[Station], Demand], rate: float, seed: int) -> None:
    """Neither the latency of any request, nor the share of its time that a station works."""
    stations, demand = drawn
    generator = np.random.default_rng(seed)
    asked = generator.permutation(np.repeat(np.arange(QUESTIONS), 5))
    offered = OfferedRequests(np.cumsum(generator.exponential(1 / rate, len(asked))), asked)
    requests = simulate(stations, demand, offered)
    assert (requests.latency >= least_latencies(stations, demand)[asked] * (1 - 1e-9)).all()
    for place, station in enumerate(stations):
        if not isinstance(station, ProviderStation):
            replicas = station.servers if isinstance(station, SharedStation) else station.replicas
            least = utilisations(stations, demand, len(asked) / requests.seconds)[place]
            assert requests.busy[place] / (replicas * requests.seconds) >= least * (1 - 1e-9)


def mean(*seconds: float) -> Demand:
    """One question."""
    return Demand(np.array([seconds]))


def test_a_station_is_worked_by_what_questions_take() -> None:
    """A rate of 2 a second at half a second each fills one replica, or half of two."""
    stations = [ReplicaStation("find"), ReplicaStation("read", replicas=2), ProviderStation("generate")]
    assert utilisations(stations, mean(0.5, 0.5, 9), 2).tolist() == [1, 0.5, 0]
    assert highest_rates(stations, mean(0.5, 0.5, 9)).tolist() == [2, 4, np.inf]


def test_the_best_batch_counts() -> None:
    """Four together take as long as two alone; with a batch of one at most, that is no help."""
    profile = BatchProfile(sizes=(1, 4), factors=((1.0,), (0.5,)))
    assert highest_rates([ReplicaStation("read", batch=4, profile=profile)], mean(1)).tolist() == [2]
    assert highest_rates([ReplicaStation("read", profile=profile)], mean(1)).tolist() == [1]


def test_a_shared_server_is_fastest_with_some_calls_at_once() -> None:
    """Two at once are 1.6 times as fast as one, four no more than that."""
    profile = SharingProfile(running=(1, 2, 4), slowdown=(1.0, 1.25, 2.5), slots=4)
    assert highest_rates([SharedStation("generate", profile, servers=2)], mean(1)).tolist() == [3.2]


def test_how_many_replicas_it_takes() -> None:
    """Five a second at half a second each need three: two and a half would be full."""
    assert least_replicas(ReplicaStation("read"), mean(0.5), 0, 5) == 3
    assert least_replicas(ReplicaStation("read"), mean(0.5), 0, 6) == 4
    assert least_replicas(SharedStation("generate", SharingProfile()), mean(0.5), 0, 5) == 3


def test_replicas_that_slow_each_other() -> None:
    """Two are no faster than one, as they share its cores; beyond what was measured, each more is a help."""
    profile = BatchProfile(busy=(1, 2), factors=((1.0, 2.0),))
    station = ReplicaStation("read", profile=profile)
    assert [least_replicas(station, mean(0.5), 0, rate) for rate in (1.9, 2.5, 3.5)] == [1, 3, 4]


@settings(deadline=None)
@given(REPLICAS, SECONDS, st.floats(0.1, 10))
def test_one_replica_fewer_is_too_few(station: ReplicaStation, seconds: float, rate: float) -> None:
    """The least number keeps up, and the one before doesn't."""
    least = least_replicas(station, mean(seconds), 0, rate)
    assert highest_rates([replace(station, replicas=least)], mean(seconds))[0] >= rate * (1 - 1e-9)
    if least > 1:
        assert highest_rates([replace(station, replicas=least - 1)], mean(seconds))[0] <= rate * (1 + 1e-9)


def test_questions_that_fail_before_ask_nothing() -> None:
    """One of two fails at the first station, which it occupies as long as the other."""
    demand = Demand(np.array([[np.inf, 1.0], [1.0, 1.0]]))
    stations: Sequence[Station] = [ReplicaStation("find"), ReplicaStation("read")]
    assert utilisations(stations, demand, 1).tolist() == [1, 0.5]
    assert least_latencies(stations, demand).tolist() == [np.inf, 2]


@pytest.mark.parametrize(("wait", "expected"), [(0.0, 1.0), (0.3, 1.2)])
def test_a_batch_costs_company_or_a_wait(wait: float, expected: float) -> None:
    """Alone it waits for others in vain; with one other, both are answered together."""
    profile = BatchProfile(sizes=(1, 2), factors=((1.0,), (0.6,)))
    station = ReplicaStation("read", batch=2, wait=wait, profile=profile)
    assert least_latencies([station], mean(1)) == pytest.approx([expected])
