"""Requests through stations, by hand: few of them, with seconds that can be added up in the head."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def simulated(
    stations: Sequence[Station], seconds: Sequence[Sequence[float]], arrivals: Sequence[float]
) -> SimulatedRequests:
    """Each request asks a question of its own; what they take at each station is given by request."""
    offered = OfferedRequests(np.array(arrivals, dtype=float), np.arange(len(arrivals)))
    return simulate(stations, Demand(np.array(seconds, dtype=float)), offered)


def test_one_replica_answers_in_the_order_of_arrival() -> None:
    """The second waits for the first; the third finds it free."""
    requests = simulated([ReplicaStation("read")], [[2], [3], [1]], [0, 1, 9])
    assert requests.latency.tolist() == [2, 4, 1]
    assert requests.queued[:, 0].tolist() == [0, 1, 0]
    assert requests.served[:, 0].tolist() == [2, 3, 1]
    assert requests.busy.tolist() == [6]
    assert requests.seconds == 10


def test_replicas_share_one_queue() -> None:
    """Whichever is free first takes the next request, so that a later one may overtake."""
    requests = simulated([ReplicaStation("read", replicas=2)], [[5], [1], [1], [1]], [0, 0, 0, 0])
    assert requests.latency.tolist() == [5, 1, 2, 3]


def test_stations_are_visited_in_order() -> None:
    """What waits at the first arrives later at the second."""
    requests = simulated([ReplicaStation("find"), ReplicaStation("read")], [[1, 3], [1, 1]], [0, 0])
    assert requests.latency.tolist() == [4, 5]
    assert requests.queued.tolist() == [[0, 0], [1, 2]]


def test_a_free_replica_takes_what_waits_up_to_its_batch() -> None:
    """The first finds it free and goes alone; the next three are answered together, the last is left over."""
    requests = simulated([ReplicaStation("read", batch=3)], [[2], [1], [1], [1], [1]], [0, 1, 1, 1, 1])
    assert requests.latency.tolist() == [2, 4, 4, 4, 5]


def test_what_enters_at_once_is_taken_together() -> None:
    """A batch that ends upstream finds a free replica downstream, which takes all of it."""
    stations = [ReplicaStation("find", batch=2), ReplicaStation("read", batch=2)]
    assert simulated(stations, [[1, 1], [1, 1]], [0, 0]).latency.tolist() == [4, 4]


def test_a_batch_takes_what_its_profile_says() -> None:
    """By its size, with the start that no request accounts for."""
    profile = BatchProfile(sizes=(1, 2), factors=((1.0,), (0.75,)), start=1.0)
    station = ReplicaStation("read", batch=2, profile=profile)
    assert simulated([station], [[2], [2]], [0, 0]).latency.tolist() == [4, 4]
    assert simulated([station], [[2]], [0]).latency.tolist() == [3]


def test_replicas_of_one_host_slow_each_other() -> None:
    """By how many of them work at the start of a batch; those of another host don't count."""
    profile = BatchProfile(busy=(1, 2), factors=((1.0, 1.5),))
    both = [ReplicaStation("read", replicas=2, profile=profile, host="cpu")]
    assert simulated(both, [[2], [2]], [0, 1]).latency.tolist() == [2, 3]
    apart = [ReplicaStation("find", profile=profile, host="cpu"), ReplicaStation("read", profile=profile, host="gpu")]
    assert simulated(apart, [[2, 9], [2, 9]], [0, 1]).latency.tolist() == [11, 19]


def test_a_free_replica_waits_for_its_batch_to_fill() -> None:
    """It begins when the batch is full; or, if that does not happen, when the first has waited for long enough."""
    station = ReplicaStation("read", batch=2, wait=4)
    assert simulated([station], [[1], [1]], [0, 3]).latency.tolist() == [5, 2]
    assert simulated([station], [[1], [1]], [0, 7]).latency.tolist() == [5, 5]


def test_the_wait_counts_from_the_entry_into_the_queue() -> None:
    """Whoever has waited for the replica need not wait for company."""
    station = ReplicaStation("read", batch=2, wait=4)
    assert simulated([station], [[3], [3], [1]], [0, 0, 1]).latency.tolist() == [6, 6, 6]


def test_a_full_queue_refuses() -> None:
    """One is served, one waits, the third fails at once; so does who comes while others wait for a batch to fill."""
    station = ReplicaStation("read", batch=1, capacity=1)
    assert simulated([station], [[5], [5], [5]], [0, 1, 2]).latency.tolist() == [5, 9, np.inf]
    held = ReplicaStation("read", batch=3, wait=1, capacity=1)
    assert simulated([held], [[1], [1]], [0, 0.5]).latency.tolist() == [2, np.inf]


def test_a_failing_question_occupies_its_station_and_goes_no_further() -> None:
    """For the median of what others take; its latency is infinite."""
    stations = [ReplicaStation("find"), ReplicaStation("read")]
    requests = simulated(stations, [[np.inf, 1], [2, 1], [4, 1]], [0, 0, 0])
    assert requests.latency.tolist() == [np.inf, 6, 10]
    assert requests.busy.tolist() == [9, 2]


def test_calls_of_a_shared_server_slow_each_other() -> None:
    """Two calls that run at half the speed each end when each would have ended alone, one after the other."""
    station = SharedStation("generate", SharingProfile(running=(1, 2), slowdown=(1.0, 2.0), slots=2))
    assert simulated([station], [[2], [4]], [0, 0]).latency.tolist() == [4, 6]


def test_prompts_are_read_before_others_write_on() -> None:
    """The second prompt waits until the first is read; while it is read, the first call does not write."""
    station = SharedStation("generate", SharingProfile((1, 2), (1.0, 1.5), slots=2, reading=0.5))
    assert simulated([station], [[4], [4]], [0, 1]).latency.tolist() == [6, 5]


def test_prompts_that_wait_are_read_together() -> None:
    """All have their first tokens when all of them are read, and whoever came while they were read waits for that."""
    station = SharedStation("generate", SharingProfile((1, 3), (1.0, 3.0), slots=3, reading=1.0))
    assert simulated([station], [[2], [1], [3]], [0, 1, 1.5]).latency.tolist() == [2, 5, 4.5]


@given(st.floats(0, 1), st.integers(1, 6), st.floats(1, 3), st.floats(1, 9))
def test_calls_without_a_pause_are_as_slow_as_they_were_measured(
    reading: float, slots: int, of_two: float, of_six: float
) -> None:
    """However much of a call is reading: where every slot is taken at once, all take the alone seconds times the
    slowdown."""
    profile = SharingProfile((1, 2, 6), (1.0, of_two, of_six), slots, reading=reading)
    station = SharedStation("generate", profile)

    def ended(calls: int) -> float:
        return float(simulated([station], [[2]] * calls, [0] * calls).latency.max())

    assert ended(2 * slots) - ended(slots) == pytest.approx(2 * profile.factor(slots))


def test_calls_beyond_the_slots_queue() -> None:
    """The third begins when the first has ended."""
    station = SharedStation("generate", SharingProfile(running=(1,), slowdown=(1.0,), slots=2))
    requests = simulated([station], [[2], [4], [1]], [0, 0, 0])
    assert requests.latency.tolist() == [2, 4, 3]
    assert requests.queued[:, 0].tolist() == [0, 0, 2]


def test_a_call_goes_to_the_server_with_the_fewest() -> None:
    """Two servers of one slot each answer two at once."""
    station = SharedStation("generate", SharingProfile(), servers=2)
    assert simulated([station], [[2], [4], [1]], [0, 0, 0]).latency.tolist() == [2, 4, 3]


def test_a_round_of_calls_ends_with_its_slowest() -> None:
    """Then the next one begins."""
    station = SharedStation("generate", SharingProfile(running=(1, 2), slowdown=(1.0, 1.0), slots=2))
    demand = Demand(np.array([[5.0]]), rounds={0: (((1.0, 3.0), (2.0,)),)})
    requests = simulate([station], demand, OfferedRequests(np.array([0.0]), np.array([0])))
    assert requests.latency.tolist() == [5]


def test_a_provider_is_as_fast_for_many_as_for_one() -> None:
    """Nothing queues."""
    assert simulated([ProviderStation("generate")], [[2], [2], [2]], [0, 0, 0]).latency.tolist() == [2, 2, 2]


def test_what_is_off_the_profile_is_drawn() -> None:
    """Of batches: the mean stays; the same seed draws the same."""
    station = ReplicaStation("read", batch=2, profile=BatchProfile(error=0.9, scatter=0.3))
    demand, offered = Demand(np.ones((1, 1))), OfferedRequests(np.arange(20_000) * 100.0, np.zeros(20_000, np.intp))
    drawn = simulate([station], demand, offered, seed=1)
    assert drawn.latency.mean() == pytest.approx(1, abs=5 * 0.3 / 20_000**0.5)
    assert np.log(drawn.latency).std() == pytest.approx(0.3, rel=0.05)
    assert np.array_equal(drawn.latency, simulate([station], demand, offered, seed=1).latency)
    assert simulate([station], demand, offered, scatter=False).latency == pytest.approx(1)


def test_requests_that_are_served_one_by_one_take_what_is_foretold() -> None:
    """Their own seconds scatter already."""
    station = ReplicaStation("read", profile=BatchProfile(error=0.9, scatter=0.3))
    assert simulated([station], [[1.0]] * 3, [0, 10, 20]).latency.tolist() == [1, 1, 1]


def test_no_request_is_no_error() -> None:
    """All tables are empty."""
    requests = simulated([ReplicaStation("read")], [[1.0]], [])
    assert requests.latency.shape == (0,)
    assert requests.queued.shape == (0, 1)
    assert requests.seconds == 0


def test_arrivals_must_ascend() -> None:
    """A trace that is not in order says so."""
    with pytest.raises(ValueError, match="in the order of their arrivals"):
        simulated([ReplicaStation("read")], [[1], [1]], [1, 0])
