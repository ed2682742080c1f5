"""What is foretold of a deployed pipeline under a load."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tradespace.explorer.load.demand import deploy
from tradespace.explorer.load.prediction import predict_load
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.results import Conditions, Usage
from tradespace.search_space.deployment import Deployment, Load, StageGroup, TailPolicy
from tradespace.testing.timed_evaluations import CPU, exponential_seconds, one_queue, timed_evaluation

PROVIDED = Conditions(as_made=("generate",))


def test_the_latency_of_one_exponential_queue_is_that_of_theory() -> None:
    """M/M/1: the seconds from arrival to answer are exponential, with the rate that is left (Kleinrock 1975)."""
    predicted = predict_load(one_queue(exponential_seconds(0.1)), Traffic(Load(rate=6.0)), requests=5000, count=4)
    left = 10.0 - 6.0
    assert predicted.latencies["latency_mean"].value == pytest.approx(1 / left, rel=0.06)
    assert predicted.latencies["latency_p95"].value == pytest.approx(math.log(20) / left, rel=0.08)
    assert predicted.utilisation["generate"] == pytest.approx(0.6, rel=0.03)


def test_intervals_hold_the_figure_and_widen_near_saturation() -> None:
    """An interval is wider, as a share of the figure, where queues are long."""
    deployed = one_queue(exponential_seconds(0.1))
    quiet, busy = (predict_load(deployed, Traffic(Load(rate=rate)), requests=1000, count=8) for rate in (2.0, 9.0))

    def width(p95: object) -> float:
        low, value, high = p95.low, p95.value, p95.high  # type: ignore[attr-defined]
        assert low < value < high
        return (high - low) / value

    assert width(busy.latencies["latency_p95"]) > 2 * width(quiet.latencies["latency_p95"])
    assert (quiet.uncertain, busy.uncertain) == (False, True)


def test_a_load_that_hardly_meets_itself_takes_what_questions_take_alone() -> None:
    """No queue, no company: the quantiles are those of the questions."""
    predicted = predict_load(one_queue(np.full(50, 0.2)), Traffic(Load(rate=0.01)), bound=0.3, requests=200, count=2)
    assert predicted.latencies["latency_p50"].value == pytest.approx(0.2)
    assert predicted.attained is not None and predicted.attained.value == pytest.approx(1.0, abs=0.01)


def test_the_tails_seconds_are_shared_out_among_queues_and_service() -> None:
    """The shares add up to 1, and a fast stage hardly counts."""
    slow = exponential_seconds(0.1, 500)
    evaluation = timed_evaluation({"retrieve": (slow / 100).tolist(), "generate": slow.tolist()})
    groups = (StageGroup(("retrieve",), host="cpu"), StageGroup(("generate",), host="cpu"))
    tail = predict_load(
        deploy(evaluation, Deployment(groups, (CPU,))), Traffic(Load(rate=7.0)), requests=500, count=2
    ).tail
    assert sum(share.queued + share.served for share in tail.values()) == pytest.approx(1.0)
    assert tail["generate"].queued > tail["generate"].served > tail["retrieve"].queued + tail["retrieve"].served


def test_dollars_at_a_rate_are_those_of_the_machines_and_of_the_calls() -> None:
    """An hour of a machine is divided among the requests of an hour; a call without a price leaves them unknown."""
    group = (StageGroup(("generate",), host="cpu"),)
    calls = timed_evaluation(
        {"generate": (0.1, 0.1)}, usage={"generate": (Usage(1, 1, 0.002),) * 2}, conditions=PROVIDED
    )
    unknown = timed_evaluation({"generate": (0.1,)}, usage={"generate": (Usage(1, 1, None),)}, conditions=PROVIDED)
    rate = Traffic(Load(rate=2.0))
    per_machine = 1000 * 0.36 / 3600 / 2.0
    predicted = predict_load(deploy(calls, Deployment(group, (CPU,))), rate, requests=100, count=1)
    assert predicted.usd_per_1k == pytest.approx(per_machine + 2.0)
    assert predict_load(deploy(unknown, Deployment(group, (CPU,))), rate, requests=100, count=1).usd_per_1k is None


def test_a_hedge_is_paid_for() -> None:
    """Asked again after the median, about half of the calls are made twice."""
    calls = timed_evaluation(
        {"generate": np.linspace(0.1, 1.0, 100).tolist()},
        usage={"generate": (Usage(1, 1, 0.002),) * 100},
        conditions=PROVIDED,
    )
    hedged = Deployment((StageGroup(("generate",), host="cpu", tail=TailPolicy(hedge_after=0.5)),), (CPU,))
    usd = predict_load(deploy(calls, hedged), Traffic(Load(rate=2.0)), requests=200, count=1).usd_per_1k
    assert usd is not None and 2.0 < usd - 1000 * hedged.usd_per_hour / 3600 / 2.0 < 4.0


def test_questions_that_fail_are_infinitely_slow() -> None:
    """One in ten fails: the p90 may be finite, the p99 is not, and the share is said."""
    evaluation = timed_evaluation({"generate": (*[0.01] * 9, None)})
    deployed = deploy(evaluation, Deployment((StageGroup(("generate",), host="cpu"),), (CPU,)))
    predicted = predict_load(deployed, Traffic(Load(rate=1.0)), bound=1.0, requests=500, count=2)
    assert predicted.failed == pytest.approx(0.1, abs=0.02)
    assert predicted.latencies["latency_p99"].value == math.inf
    assert predicted.attained is not None and predicted.attained.value == pytest.approx(0.9, abs=0.02)
