"""How a latency rises with the rate."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tradespace.evals.statistics import Estimate
from tradespace.explorer.load.demand import DeployedPipeline
from tradespace.explorer.load.prediction import latency_figures, ratio_interval
from tradespace.explorer.load.replicates import REQUESTS_OF_A_RUN, as_measured, draw_replicates
from tradespace.explorer.load.traffic import Traffic

SHARES_OF_HIGHEST = (0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
"""Of the highest rate: where the latency turns, they are closer together."""
REQUESTS_OF_A_POINT, REPLICATES_OF_A_POINT = 1_000, 6


@dataclass(frozen=True, slots=True)
class RatePoint:
    """A latency at a rate, with an interval of 90 %."""

    rate: float
    latency: Estimate


def latency_curve(deployed: DeployedPipeline, traffic: Traffic, measure: str) -> tuple[RatePoint, ...]:
    """A latency figure at rates up to nearly the highest; nothing where that is unbounded.

    It is of the same requests as the capacity, so that it crosses the service level there.
    """
    highest = deployed.highest_rate
    if not math.isfinite(highest):
        return ()
    return tuple(_point(deployed, traffic, measure, share * highest) for share in SHARES_OF_HIGHEST)


def _point(deployed: DeployedPipeline, traffic: Traffic, measure: str, rate: float) -> RatePoint:
    measured = as_measured(deployed, traffic, 10 * REQUESTS_OF_A_RUN)
    others = draw_replicates(deployed, traffic, REQUESTS_OF_A_POINT, REPLICATES_OF_A_POINT)
    value, *drawn = (latency_figures(each.at(rate).outcome.latency)[measure] for each in (measured, *others))
    return RatePoint(rate, ratio_interval(value, drawn, REQUESTS_OF_A_POINT))
