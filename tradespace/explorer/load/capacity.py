"""Capacity at the service level: the largest rate at which a quantile of the latency keeps its bound.

Every rate is tried with the same requests, closer together or further apart, so that the quantile rises with the rate
and can be bisected. Dean and Barroso 2013, "The Tail at Scale", is why the tail and not the mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from tradespace.evals.figures import figure_of
from tradespace.evals.statistics import Estimate
from tradespace.explorer.load.demand import DeployedPipeline
from tradespace.explorer.load.replicates import (
    INTERVAL_DEVIATIONS,
    LOAD_REPLICATES,
    REQUESTS_OF_A_RUN,
    Replicate,
    as_measured,
    draw_replicates,
)
from tradespace.explorer.load.traffic import Traffic
from tradespace.search_space.goals import ServiceLevel

PRECISION = 0.005
"""How precisely a rate is found, as a share of the saturation rate."""
BURSTINESS = 2.0
"""Coefficient of variation of the gaps in `burst_capacity`."""
NEARLY = 0.9
"""How near a rate is expected to be found, as a share."""
ALMOST_IDLE = 1e-3
"""Share of the saturation rate at which requests hardly meet."""


def capacity(
    deployed: DeployedPipeline,
    traffic: Traffic,
    sla: ServiceLevel,
    *,
    requests: int = REQUESTS_OF_A_RUN,
    count: int = LOAD_REPLICATES,
    seed: int = 0,
) -> Estimate:
    """The largest rate that keeps the service level: 0 where even single requests miss it, infinite where no station of
    one's own stands in the way.

    Its interval of 90 % comes from replicates. It is as wide, in ratios, as they scatter; under a trace, whose
    stretches may all differ from the whole, it holds what 90 % of the stretches bear.

    Args:
        deployed: the pipeline in its deployment.
        traffic: whose burstiness, or trace, arrivals have at every rate.
        sla: the quantile and its bound.
        requests: of each replicate.
        count: of replicates; without any the interval is a point.
        seed: of all that is drawn.
    """
    near = largest_rate(as_measured(deployed, traffic, requests, seed, whole_trace=False), sla)
    value = largest_rate(as_measured(deployed, traffic, 10 * requests, seed), sla, near)
    drawn = [largest_rate(each, sla, value) for each in draw_replicates(deployed, traffic, requests, count, seed)]
    if len(drawn) < 2 or not 0 < value < math.inf:
        return Estimate(value, value, value, requests, 0)
    low, high = np.quantile(drawn, (0.05, 0.95)).tolist() if traffic.trace else _by_ratios(value, drawn)
    return Estimate(value, min(low, value), max(high, value), requests, 0)


def _by_ratios(value: float, drawn: Sequence[float]) -> tuple[float, float]:
    positive = np.array([each for each in drawn if each > 0])
    reach = math.exp(INTERVAL_DEVIATIONS * float(np.std(np.log(positive), ddof=1))) if len(positive) > 1 else 1.0
    return value / reach if len(positive) == len(drawn) else 0.0, value * reach


def largest_rate(replicate: Replicate, sla: ServiceLevel, near: float | None = None) -> float:
    """The same of one replicate; a rate `near` which it is expected shortens the way."""
    saturation = replicate.deployed.highest_rate
    excess = cache(lambda rate: _excess(replicate, rate, sla))
    if not math.isfinite(saturation):
        return math.inf if excess(1.0) <= 0 else 0.0
    low, high = ALMOST_IDLE * saturation, saturation
    for rate in () if near is None else (NEARLY * near, near / NEARLY):
        if low < rate < high:
            low, high = (low, rate) if excess(rate) > 0 else (rate, high)
    return _root(excess, low, high, PRECISION * saturation)


def _root(excess: Callable[[float], float], low: float, high: float, precision: float) -> float:
    """Where a rising function crosses 0; 0 or `high` where it is above, or below, throughout."""
    from scipy.optimize import brentq

    if excess(low) > 0:
        return 0.0
    return high if excess(high) <= 0 else float(brentq(excess, low, high, xtol=precision))


def _excess(replicate: Replicate, rate: float, sla: ServiceLevel) -> float:
    """Above 0 where the service level is missed, and nearly linear in the rate: the tail of a queue grows as one over
    what is left of its capacity."""
    latency = replicate.at(rate).outcome.latency
    return 1 - sla.seconds / float(figure_of(sla.measure).summary.of(latency[np.newaxis])[0])


def burst_capacity(deployed: DeployedPipeline, traffic: Traffic, sla: ServiceLevel) -> float | None:
    """The capacity where requests come in bursts instead, of a coefficient of variation of 2; None where they come in
    such bursts, or as in a trace, already."""
    if traffic.trace or traffic.load.burstiness >= BURSTINESS:
        return None
    bursty = replace(traffic, load=replace(traffic.load, burstiness=BURSTINESS))
    return capacity(deployed, bursty, sla, count=0).value
