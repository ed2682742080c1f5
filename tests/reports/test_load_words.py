"""Loads, capacities and deployments in words."""

from __future__ import annotations

import math

import pytest

from tradespace.evals.statistics import Estimate
from tradespace.explorer.load.traffic import Traffic
from tradespace.reports.load_words import burst_words, capacity_words, deployment_words, load_name
from tradespace.search_space.deployment import Deployment, Load, StageGroup, TailPolicy


@pytest.mark.parametrize(
    ("capacity", "words"),
    [
        (Estimate(7.41, 7.1, 7.72, 100, 0), "7.41 ± 0.31 requests per s"),
        (Estimate(740.0, 716.0, 764.0, 100, 0), "740 ± 24 requests per s"),
        (Estimate(36.5, 21.2, 62.1, 100, 0), "36.5 requests per s (21–62)"),
        (Estimate(math.inf, math.inf, math.inf, 100, 0), "any rate"),
        (Estimate(3.0, 3.0, 3.0, 100, 0), "3 requests per s"),
    ],
)
def test_a_capacity_is_said_with_how_far_it_may_be_off(capacity: Estimate, words: str) -> None:
    """With two digits of the error; where that is wide, as a range."""
    assert capacity_words(capacity) == words


def test_the_range_of_a_trace_is_that_of_its_stretches() -> None:
    """Which need not lie around what the whole bears."""
    words = "5.35 requests per s (5.3–15 in 90 % of the trace's stretches of 1,500 requests)"
    assert capacity_words(Estimate(5.35, 5.34, 15.4, 1500, 0), of_trace=True) == words


def test_nothing_is_said_of_bursts_where_they_were_not_tried() -> None:
    """A capacity in bursts follows the other one."""
    assert burst_words(None) == ""
    assert burst_words(3.5) == "; in bursts (burstiness 2) to 3.5 requests per s"


def test_deployments_are_said_with_what_is_not_usual() -> None:
    """Batches, waits and tail policies where there are any."""
    tail = TailPolicy(timeout=1.0, hedge_after=0.95, retries=2, fallback="sentence()")
    groups = (StageGroup(("retrieve",)), StageGroup(("generate",), 2, 4, 0.01, tail=tail))
    assert deployment_words(Deployment(groups)) == (
        "retrieve: 1 replica; generate: 2 replicas, batches of up to 4, waiting 10 ms for them, timeout 1000 ms, "
        "hedged after its p95, 2 further attempts at most, fallback sentence()"
    )


def test_loads_are_named_by_rate_burstiness_and_trace() -> None:
    """As a reader would say them."""
    assert load_name(Traffic(Load(rate=1.0, burstiness=0.0))) == "1 request per s evenly spaced"
    assert load_name(Traffic(Load(rate=5.0, trace="azure_conv"))) == "5 requests per s as in azure_conv"
