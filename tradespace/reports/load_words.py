"""Loads, rates, capacities and deployments in words and digits."""

from __future__ import annotations

import math

from tradespace.evals.statistics import Estimate
from tradespace.explorer.load.prediction import LoadPrediction
from tradespace.explorer.load.traffic import Traffic
from tradespace.plurals import count
from tradespace.reports.words import bound, interval, measure_name, quantity
from tradespace.search_space.deployment import Deployment, StageGroup

SAID_AS_ONE_NUMBER = 0.2
"""Share of a capacity up to which its interval is said as one number."""


def load_name(traffic: Traffic) -> str:
    """A load in words.

    >>> from tradespace.search_space.deployment import Load
    >>> load_name(Traffic(Load(rate=5.0))), load_name(Traffic(Load(rate=5.0, burstiness=2.0)))
    ('5 requests per s', '5 requests per s in bursts (burstiness 2)')
    """
    load = traffic.load
    if load.trace:
        return f"{rate_words(traffic.rate)} as in {load.trace}"
    steady = "" if load.burstiness == 1 else f" in bursts (burstiness {load.burstiness:g})"
    return f"{rate_words(traffic.rate)}{' evenly spaced' if load.burstiness == 0 else steady}"


def rate_words(rate: float) -> str:
    """A rate as it is said: `7.4 requests per s`."""
    return f"{rate_number(rate)} {'request' if rate == 1 else 'requests'} per s"


def rate_number(rate: float | None) -> str:
    """Three figures that count: `7.4`, `33`, `0.05`; ∞ where there is no limit."""
    return "–" if rate is None else "∞" if math.isinf(rate) else rounded_rate(rate, 3)


def rounded_rate(rate: float, digits: int) -> str:
    """To so many digits, but never less than whole requests.

    >>> rounded_rate(6461.7, 3), rounded_rate(0.6461, 3), rounded_rate(99.96, 3)
    ('6,462', '0.646', '100')
    """
    return f"{rate:,.0f}" if rate >= 10 ** (digits - 1) else f"{rate:.{digits}g}"


def capacity_words(capacity: Estimate, *, of_trace: bool = False) -> str:
    """A capacity with how far it may be off: `7.4 ± 0.3 requests per s`; as a range where that is wide, or where it is
    that of the stretches of a trace."""
    value, low, high = capacity.value or 0.0, capacity.low or 0.0, capacity.high or 0.0
    if not math.isfinite(value):
        return "any rate"
    reach = (high - low) / 2
    if not reach:
        return rate_words(value)
    ends = f"{rounded_rate(low, 2)}–{rounded_rate(high, 2)}"
    if of_trace:
        return f"{rate_words(value)} ({ends} in 90 % of the trace's stretches of {capacity.n:,} requests)"
    if reach > SAID_AS_ONE_NUMBER * value:
        return f"{rate_words(value)} ({ends})"
    digits = max(0, 1 - math.floor(math.log10(reach)))
    return f"{value:,.{digits}f} ± {reach:,.{digits}f} requests per s"


def burst_words(in_bursts: float | None) -> str:
    """What follows a capacity: that in bursts, where it is another."""
    return "" if in_bursts is None else f"; in bursts (burstiness 2) to {rate_words(in_bursts)}"


def deployment_words(deployment: Deployment) -> str:
    """The groups of a deployment: `retrieve: 1 replica; generate: 2 replicas, batches of up to 4`."""
    return "; ".join(f"{group.name}: {_group_words(group)}" for group in deployment.groups)


def _group_words(group: StageGroup) -> str:
    tail = group.tail
    settings = [
        count(group.replicas, "replica"),
        *([f"batches of up to {group.batch}"] if group.batch > 1 else []),
        *([f"waiting {group.wait * 1000:g} ms for them"] if group.wait else []),
        *([f"timeout {bound(tail.timeout)}"] if tail.timeout is not None else []),
        *([f"hedged after its p{tail.hedge_after * 100:g}"] if tail.hedge_after is not None else []),
        *([f"{count(tail.retries, 'further attempt')} at most"] if tail.retries else []),
        *([f"fallback {tail.fallback}"] if tail.fallback else []),
    ]
    return ", ".join(settings)


def latency_words(prediction: LoadPrediction, measure: str) -> str:
    """A latency under load with its interval; near saturation the interval alone, and why."""
    estimate = prediction.latencies[measure]
    if prediction.uncertain:
        return f"{measure_name(measure)} {interval(estimate, measure)}"
    return f"{measure_name(measure)} {quantity(estimate.value, measure)} ({interval(estimate, measure)})"
