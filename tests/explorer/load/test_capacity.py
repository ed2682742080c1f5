"""The largest rate that keeps a service level."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tradespace.data.traffic import ArrivalTrace
from tradespace.explorer.load.capacity import burst_capacity, capacity
from tradespace.explorer.load.demand import deploy
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.results import Conditions
from tradespace.search_space.deployment import Deployment, Load, StageGroup
from tradespace.search_space.goals import ServiceLevel
from tradespace.testing.timed_evaluations import CPU, exponential_seconds, one_queue, timed_evaluation

POISSON = Traffic(Load(rate=1.0))


PROVIDED = Conditions(as_made=("generate",))


def theory(service_rate: float, share: float, bound: float) -> float:
    """Of M/M/1, whose latency is exponential with the rate that is left (Kleinrock 1975)."""
    return service_rate + math.log(1 - share) / bound


@pytest.mark.parametrize("bound", [0.5, 1.0])
def test_the_capacity_of_one_exponential_queue_is_that_of_theory(bound: float) -> None:
    """The p95 of M/M/1 keeps its bound up to a rate in closed form."""
    found = capacity(one_queue(exponential_seconds(0.1)), POISSON, ServiceLevel("latency_p95", bound), count=0)
    assert found.value == pytest.approx(theory(10.0, 0.95, bound), rel=0.05)


def test_no_rate_keeps_a_bound_that_single_requests_miss() -> None:
    """The capacity is 0."""
    assert capacity(one_queue(np.full(20, 0.2)), POISSON, ServiceLevel("latency_p95", 0.1), count=0).value == 0.0


def test_a_provider_bears_any_rate() -> None:
    """Nothing of one's own stands in the way."""
    provided = timed_evaluation({"generate": (0.1, 0.2)}, conditions=PROVIDED)
    deployed = deploy(provided, Deployment((StageGroup(("generate",), host="cpu"),), (CPU,)))
    assert capacity(deployed, POISSON, ServiceLevel("latency_p95", 0.3), requests=200, count=0).value == math.inf


def test_bursts_leave_less() -> None:
    """The same requests a second, in bursts, queue longer."""
    deployed, sla = one_queue(exponential_seconds(0.1)), ServiceLevel("latency_p95", 0.6)
    steady = capacity(deployed, POISSON, sla, requests=2000, count=0).value
    bursty = burst_capacity(deployed, POISSON, sla)
    assert steady is not None and bursty is not None and bursty < 0.9 * steady


@pytest.mark.parametrize("load", [Load(rate=1.0, burstiness=3.0), Load(rate=1.0, trace="even")])
def test_no_other_bursts_are_tried_where_a_load_has_its_own(load: Load) -> None:
    """A trace has them, and a load that is burstier bears less than milder bursts would let it."""
    trace = ArrivalTrace("even", np.arange(200.0), seconds=200.0) if load.trace else None
    sla = ServiceLevel("latency_p95", 0.6)
    assert burst_capacity(one_queue(np.full(20, 0.1)), Traffic(load, trace), sla) is None


def test_an_interval_of_a_trace_holds_what_its_stretches_bear() -> None:
    """Half of it is even, half is dense: the whole bears what the dense half does, and many stretches bear more."""
    dense = 2000.0 + np.arange(4000) * 0.125
    trace = ArrivalTrace("halves", np.concatenate([np.arange(2000.0), dense]), seconds=2500.0)
    traffic, sla = Traffic(Load(rate=1.0, trace="halves"), trace), ServiceLevel("latency_p95", 0.25)
    found = capacity(one_queue(np.full(20, 0.1)), traffic, sla, requests=300, count=12)
    assert found.value is not None and found.low is not None and found.high is not None
    assert 0 < found.low <= found.value and found.high > 1.5 * found.value


def test_an_interval_never_reaches_no_requests_while_all_replicates_bear_some() -> None:
    """Even where bursts scatter them widely."""
    bursty = Traffic(Load(rate=1.0, burstiness=6.0))
    found = capacity(
        one_queue(exponential_seconds(0.1)), bursty, ServiceLevel("latency_p95", 3.0), requests=150, count=8
    )
    assert (
        found.value and found.low and found.high and found.high / found.value == pytest.approx(found.value / found.low)
    )
    assert found.high > 1.2 * found.value


def test_two_replicas_bear_more_than_twice_the_rate_of_one() -> None:
    """They share a queue, so that neither is idle while somebody waits for the other."""
    sla = ServiceLevel("latency_p95", 0.6)
    one, two = (
        capacity(one_queue(exponential_seconds(0.1), replicas=number), POISSON, sla, requests=2000, count=0).value
        for number in (1, 2)
    )
    assert one is not None and two is not None and two > 2 * one


@pytest.mark.slow
def test_intervals_cover_the_capacity_that_is_known() -> None:
    """Timed questions are drawn anew each time: at least 17 of 20 intervals of 90 % hold the capacity of theory."""
    sla, truth = ServiceLevel("latency_p95", 0.6), theory(10.0, 0.95, 0.6)
    covered = 0
    for seed in range(20):
        drawn = np.random.default_rng(seed).exponential(0.1, 400)
        found = capacity(one_queue(drawn), POISSON, sla, requests=1500, count=10, seed=seed)
        assert found.low is not None and found.high is not None
        covered += found.low <= truth <= found.high
    assert covered >= 17
