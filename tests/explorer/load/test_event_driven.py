"""Pipelines that change while requests are on their way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tradespace.explorer.load.event_driven import Simulation
from tradespace.explorer.load.profiles import SharingProfile
from tradespace.explorer.load.simulation import simulate
from tradespace.explorer.load.stations import Demand, OfferedRequests, ProviderStation, ReplicaStation, SharedStation
from tradespace.search_space.deployment import TailPolicy


def demand(*seconds: float) -> Demand:
    """One question, with what it takes at each station."""
    return Demand(np.array([seconds]))


def offered(*arrivals: float) -> OfferedRequests:
    """All ask the one question."""
    return OfferedRequests(np.array(arrivals), np.zeros(len(arrivals), dtype=np.intp))


def simulation(*, replicas: int = 1, seconds: float = 2.0) -> Simulation:
    """Of one station, `read`."""
    return Simulation([ReplicaStation("read", replicas=replicas)], demand(seconds))


def test_what_was_observed_is_the_past() -> None:
    """Queues, replicas and arrivals as they are at the moment; what was offered for later is not seen."""
    running = simulation()
    running.offer(offered(0, 1, 1, 9))
    running.advance_to(1.5)
    seen = running.observe()
    assert (seen.second, seen.arrived, seen.ended) == (1.5, 3, 0)
    assert (seen.queued, seen.running, seen.replicas) == ({"read": 2}, {"read": 1}, {"read": 1})
    running.advance_to(2)
    assert running.observe().ended == 1


def test_new_replicas_come_after_their_start() -> None:
    """The second request waits until the second replica is there."""
    running = simulation(seconds=9)
    running.offer(offered(0, 0))
    running.advance_to(1)
    running.switch([ReplicaStation("read", replicas=2)], demand(9), start_up=3)
    requests = running.finish()
    assert requests.requests.latency.tolist() == [9, 13]
    assert requests.provisioned == (13 + 12,)


def test_removed_replicas_finish_their_batch() -> None:
    """Nothing is lost; the queue is served by those that stay."""
    running = simulation(replicas=2)
    running.offer(offered(0, 0, 0, 0))
    running.advance_to(1)
    running.switch([ReplicaStation("read")], demand(2))
    assert running.observe().replicas == {"read": 1}
    assert running.finish().requests.latency.tolist() == [2, 2, 4, 6]


def test_requests_finish_under_the_pipeline_that_they_took() -> None:
    """Those that arrive when the new one is ready take it; until then, the one before."""
    running = Simulation([ReplicaStation("find"), ReplicaStation("read")], demand(2, 2))
    running.offer(offered(0, 1.5, 4))
    running.advance_to(1)
    running.switch([ReplicaStation("find"), ReplicaStation("generate")], demand(2, 5), start_up=1)
    requests = running.finish()
    assert requests.stations == ("find", "read", "generate")
    assert requests.pipelines.tolist() == [0, 0, 1]
    assert requests.requests.latency.tolist() == [4, 4.5, 7]
    assert requests.requests.served.tolist() == [[2, 2, 0], [2, 2, 0], [2, 0, 5]]


def test_what_no_request_will_visit_any_more_is_removed() -> None:
    """A station of the pipeline before stays until its last request has ended."""
    running = simulation()
    running.offer(offered(0, 9))
    running.advance_to(1)
    running.switch([ReplicaStation("generate")], demand(1))
    assert running.observe().replicas == {"read": 1, "generate": 1}
    running.advance_to(2)
    assert running.observe().replicas == {"read": 0, "generate": 1}
    assert running.finish().provisioned == (2, 9)


def test_a_pipeline_may_come_back() -> None:
    """Its replicas start up again."""
    running = simulation()
    running.switch([ReplicaStation("generate")], demand(1))
    running.advance_to(5)
    running.switch([ReplicaStation("read")], demand(2), start_up=1)
    running.offer(offered(5.5, 6))
    requests = running.finish()
    assert requests.pipelines.tolist() == [1, 2]
    assert requests.requests.latency.tolist() == [1, 2]


def test_a_later_switch_overrules_one_that_is_not_ready() -> None:
    """What had begun to start up for it never takes a request."""
    running = simulation()
    running.switch([ReplicaStation("generate", replicas=3)], demand(1), start_up=10)
    running.advance_to(1)
    running.switch([ReplicaStation("read", replicas=2)], demand(2))
    running.offer(offered(20, 20))
    requests = running.finish()
    assert requests.pipelines.tolist() == [2, 2]
    assert requests.requests.latency.tolist() == [2, 2]
    assert requests.provisioned[1] == 3


def test_replicas_that_start_up_are_removed_first() -> None:
    """Fewer are wanted again before the new ones have come: those that work stay."""
    running = simulation(seconds=9)
    running.switch([ReplicaStation("read", replicas=3)], demand(9), start_up=5)
    running.advance_to(1)
    running.switch([ReplicaStation("read", replicas=2)], demand(9), start_up=5)
    running.advance_to(4)
    assert running.observe().replicas == {"read": 1}
    running.advance_to(6)
    assert running.observe().replicas == {"read": 2}


def test_other_batches_hold_from_the_next_one_on() -> None:
    """What waits is taken together once the batch allows it."""
    running = simulation()
    running.offer(offered(0, 0, 0))
    running.advance_to(1)
    running.switch([ReplicaStation("read", batch=2)], demand(2))
    assert running.finish().requests.latency.tolist() == [2, 6, 6]


def test_shared_servers_come_and_leave() -> None:
    """One that leaves finishes what it has."""
    one, two = (SharedStation("generate", SharingProfile(), servers=servers) for servers in (1, 2))
    running = Simulation([one], demand(3))
    running.offer(offered(0, 5, 5, 7, 12))
    running.advance_to(1)
    running.switch([two], demand(3), start_up=1)
    running.advance_to(6)
    running.switch([one], demand(3))
    assert running.observe().running == {"generate": 2}
    requests = running.finish().requests
    assert requests.latency.tolist() == [3, 3, 3, 4, 3]
    assert requests.busy.tolist() == [15]


def test_a_request_may_take_another_pipeline_that_is_open() -> None:
    """Chosen at its admission, by the queue for example; when it is closed, the current one is taken."""
    running = simulation(seconds=4)
    other = running.open([ReplicaStation("generate")], demand(1), start_up=1)
    running.offer(offered(0), pipeline=other)
    running.offer(offered(2), pipeline=other)
    running.advance_to(5)
    running.close(other)
    running.offer(offered(6), pipeline=other)
    requests = running.finish()
    assert requests.pipelines.tolist() == [0, 1, 0]
    assert requests.requests.latency.tolist() == [4, 1, 4]


def test_nothing_can_be_offered_for_the_past() -> None:
    """Nor before what was offered already."""
    running = simulation()
    running.offer(offered(3))
    with pytest.raises(ValueError, match="before 3 s, not for 2 s"):
        running.offer(offered(2))
    running.advance_to(5)
    with pytest.raises(ValueError, match="before 5 s, not for 4 s"):
        running.offer(offered(4))


@pytest.mark.parametrize("steps", [1, 7, 100])
def test_how_often_one_looks_changes_nothing(steps: int) -> None:
    """Whether requests are offered at once or on the way, and time advances in many steps or in one."""
    generator = np.random.default_rng(0)
    stations: Sequence[ReplicaStation | SharedStation | ProviderStation] = [
        ReplicaStation("find", replicas=2, batch=4, wait=0.3, tail=TailPolicy(timeout=3, retries=1)),
        SharedStation("generate", SharingProfile((1, 4), (1.0, 2.0), slots=4)),
        ProviderStation("judge"),
    ]
    asked = Demand(generator.exponential(1, (30, 3)))
    requests = OfferedRequests(np.cumsum(generator.exponential(1, 300)), generator.integers(0, 30, 300))
    running = Simulation(stations, asked)
    for part in np.array_split(np.arange(300), steps):
        running.offer(OfferedRequests(requests.arrivals[part], requests.questions[part]))
        running.advance_to(requests.arrivals[part[0]])
        running.observe()
    assert np.array_equal(running.finish().requests.latency, simulate(stations, asked, requests).latency)
