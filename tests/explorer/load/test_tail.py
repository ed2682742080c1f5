"""What is done about slow and failing answers of a station, by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tradespace.explorer.load.profiles import SharingProfile
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

FAILS = np.inf


def simulated(
    station: Station,
    seconds: Sequence[float],
    arrivals: Sequence[float],
    repeats: Sequence[Sequence[float]] | None = None,
    fallback: Sequence[float] | None = None,
) -> SimulatedRequests:
    """Each request asks a question of its own of one station."""
    demand = Demand(
        np.array([seconds], dtype=float).T,
        repeats={} if repeats is None else {0: np.array(repeats, dtype=float)},
        fallbacks={} if fallback is None else {0: np.array(fallback, dtype=float)},
    )
    return simulate([station], demand, OfferedRequests(np.array(arrivals, dtype=float), np.arange(len(arrivals))))


def test_a_timeout_counts_from_the_entry_into_the_queue() -> None:
    """The second is given up while it waits, and its work is never done; the third is answered in time."""
    station = ReplicaStation("read", tail=TailPolicy(timeout=4))
    requests = simulated(station, [3, 2, 1], [0, 0, 4])
    assert requests.latency.tolist() == [3, FAILS, 2]
    assert requests.busy.tolist() == [6]


def test_what_waits_longer_than_the_timeout_leaves_the_queue() -> None:
    """The replica is free for the next as soon as what runs has ended."""
    station = ReplicaStation("read", tail=TailPolicy(timeout=4))
    requests = simulated(station, [9, 9, 2], [0, 1, 7])
    assert requests.latency.tolist() == [FAILS, FAILS, 4]
    assert requests.busy.tolist() == [11]


def test_what_is_given_up_occupies_its_replica_to_the_end() -> None:
    """A batch that runs cannot be interrupted: the next one waits for it, though nobody else does."""
    station = ReplicaStation("read", tail=TailPolicy(timeout=4))
    requests = simulated(station, [6, 1], [0, 3], fallback=None)
    assert requests.latency.tolist() == [FAILS, 4]
    assert requests.busy.tolist() == [7]


def test_the_first_answer_of_a_hedge_counts() -> None:
    """Asked again after the median of 2 seconds, the slow one is answered by the second attempt; the first runs on."""
    station = ReplicaStation("read", replicas=2, tail=TailPolicy(hedge_after=0.5))
    requests = simulated(station, [2, 9, 2], [0, 10, 30], repeats=[[2], [1], [2]])
    assert requests.latency.tolist() == [2, 3, 2]
    assert requests.served[:, 0].tolist() == [2, 1, 2]
    assert requests.busy.tolist() == [2 + 9 + 1 + 2]


def test_the_loser_of_a_hedge_leaves_the_queue() -> None:
    """The one replica is busy with the first attempt: the second waits in vain and adds no load."""
    station = ReplicaStation("read", tail=TailPolicy(hedge_after=0.5))
    requests = simulated(station, [2, 9, 2], [0, 10, 30], repeats=[[2], [1], [2]])
    assert requests.latency.tolist() == [2, 9, 2]
    assert requests.busy.tolist() == [13]


def test_a_failure_is_tried_again() -> None:
    """As often as the policy says, with the seconds of the repeats; each failure takes the median of the others."""
    station = ReplicaStation("read", tail=TailPolicy(retries=2))
    requests = simulated(station, [FAILS, 2], [0, 50], repeats=[[FAILS, 1], [2, 2]])
    assert requests.latency.tolist() == [2 + 2 + 1, 2]
    assert requests.served[:, 0].tolist() == [1, 2]
    assert requests.queued[:, 0].tolist() == [4, 0]


def test_what_fails_without_a_repeat_fails_again() -> None:
    """Retries add load and no answer."""
    station = ReplicaStation("read", tail=TailPolicy(retries=2))
    requests = simulated(station, [FAILS, 2], [0, 50])
    assert requests.latency.tolist() == [FAILS, 2]
    assert requests.busy.tolist() == [8]


def test_a_timeout_is_of_each_try() -> None:
    """The second try has the full time again."""
    station = ReplicaStation("read", replicas=2, tail=TailPolicy(timeout=3, retries=1))
    requests = simulated(station, [9], [0], repeats=[[2]])
    assert requests.latency.tolist() == [5]


def test_a_hedge_may_answer_what_the_first_attempt_failed() -> None:
    """A failure does not end a try while another attempt runs."""
    station = ProviderStation("generate", tail=TailPolicy(hedge_after=0))
    requests = simulated(station, [FAILS, 2, 4], [0, 0, 0], repeats=[[5], [2], [4]])
    assert requests.latency.tolist()[0] == 2 + 5


def test_the_fallback_answers_when_all_has_failed() -> None:
    """In its own seconds, which occupy no replica; the request goes on."""
    station = ReplicaStation("read", tail=TailPolicy(timeout=4, fallback="reader()"))
    requests = simulated(station, [9, 2], [0, 8], fallback=[0.5, 0.5])
    assert requests.latency.tolist() == [4.5, 3]
    assert requests.fell_back[:, 0].tolist() == [True, False]
    assert requests.served[:, 0].tolist() == [0.5, 2]
    assert requests.busy.tolist() == [11]


def test_a_fallback_may_fail_too() -> None:
    """Then the request has failed."""
    station = ReplicaStation("read", tail=TailPolicy(timeout=4, fallback="reader()"))
    requests = simulated(station, [9], [0], fallback=[FAILS])
    assert requests.latency.tolist() == [FAILS]
    assert not requests.fell_back.any()


def test_a_refusal_is_final() -> None:
    """A full queue is not asked again, and the fallback does not answer in its stead."""
    station = ReplicaStation("read", capacity=1, tail=TailPolicy(retries=3, fallback="reader()"))
    assert simulated(station, [5, 5, 5], [0, 1, 2], fallback=[1, 1, 1]).latency.tolist() == [5, 9, FAILS]


def test_what_is_given_up_leaves_the_queue_of_a_shared_server() -> None:
    """Calls that run, run on; those that queue, leave, and no further round begins."""
    station = SharedStation("generate", SharingProfile(), tail=TailPolicy(timeout=4))
    demand = Demand(np.array([[9.0], [1.0]]), rounds={0: (((3.0, 3.0), (3.0,)), ((1.0,),))})
    requests = simulate([station], demand, OfferedRequests(np.array([0.0, 1.0]), np.arange(2)))
    assert requests.latency.tolist() == [FAILS, FAILS]
    assert requests.busy.tolist() == [6]


def test_a_hedge_adds_load() -> None:
    """Under load, asking again for the slowest tenth makes the replicas work more, by what the losers take."""
    generator = np.random.default_rng(0)
    seconds = generator.lognormal(0, 1, (200, 2))
    demand = Demand(seconds[:, :1], repeats={0: seconds[:, 1:]})
    offered = OfferedRequests(np.cumsum(generator.exponential(1.5, 4000)), generator.integers(0, 200, 4000))
    patient = simulate([ReplicaStation("read", replicas=3)], demand, offered)
    hedged = simulate([ReplicaStation("read", replicas=3, tail=TailPolicy(hedge_after=0.9))], demand, offered)
    assert hedged.busy > patient.busy
    assert np.quantile(hedged.latency, 0.99) < np.quantile(patient.latency, 0.99)


@pytest.mark.parametrize(
    "policy", [TailPolicy(timeout=2, retries=1), TailPolicy(hedge_after=0.5, retries=1, timeout=3)]
)
def test_seconds_at_the_stations_add_up_to_the_latency(policy: TailPolicy) -> None:
    """Whatever was given up and asked again."""
    generator = np.random.default_rng(0)
    stations = [ReplicaStation("find", batch=2, tail=policy), SharedStation("generate", SharingProfile(), 2, policy)]
    offered = OfferedRequests(np.cumsum(generator.exponential(1.2, 500)), generator.integers(0, 50, 500))
    requests = simulate(stations, Demand(generator.exponential(1, (50, 2))), offered)
    answered = np.isfinite(requests.latency)
    assert 0 < answered.sum() < 500
    total = (requests.queued + requests.served).sum(axis=1)
    assert total[answered] == pytest.approx(requests.latency[answered])


def test_what_a_fallback_takes_must_be_known() -> None:
    """A policy that has one needs its seconds; seconds of one that no policy has are not used."""
    with pytest.raises(ValueError, match=r"read falls back to reader\(\), whose seconds"):
        simulated(ReplicaStation("read", tail=TailPolicy(fallback="reader()")), [1], [0])
    assert simulated(ReplicaStation("read"), [FAILS], [0], fallback=[1]).latency.tolist() == [FAILS]
