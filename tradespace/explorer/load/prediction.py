"""What a deployed pipeline does under a load: latency quantiles with intervals, and where the tail's seconds go.

Seconds were taken with caches that do not help: a server that knows the beginning of a prompt from earlier requests is
faster.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.evals.figures import LATENCIES
from tradespace.evals.statistics import Estimate
from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.demand import DeployedPipeline
from tradespace.explorer.load.replicates import (
    INTERVAL_DEVIATIONS,
    LOAD_REPLICATES,
    REQUESTS_OF_A_RUN,
    SimulatedRun,
    as_measured,
    draw_replicates,
)
from tradespace.explorer.load.stations import ProviderStation, ReplicaStation
from tradespace.explorer.load.traffic import Traffic

TAIL = 0.95
"""The tail's seconds are those of requests at or above this quantile."""
UNCERTAIN_ABOVE = 0.8
"""Utilisation of the busiest station above which an interval stands in the place of a point."""


@dataclass(frozen=True, slots=True)
class TailShares:
    """Shares of the tail's seconds that go into waiting for a station, and into its service."""

    queued: float
    served: float


@dataclass(frozen=True, slots=True)
class LoadPrediction:
    """A deployed pipeline under a load.

    Attributes:
        rate: requests a second, in the mean.
        latencies: `latency_mean`, `latency_p50` … in seconds, with intervals of 90 %; infinite where failures make it
            so.
        attained: share of requests that are answered within the bound; None where there is none.
        utilisation: by station, the share of the time that its replicas work, or its server; providers have none.
        tail: by station, of the requests at or above the 95th percentile.
        failed: share of requests that fail, time out or are refused.
        fell_back: share of requests that a fallback answers.
        usd_per_1k: dollars for 1,000 requests at this rate; None where a call has no price.
        requests: how many a run has that the intervals are for.
    """

    rate: float
    latencies: Mapping[str, Estimate]
    attained: Estimate | None
    utilisation: Mapping[str, float]
    tail: Mapping[str, TailShares]
    failed: float
    fell_back: float
    usd_per_1k: float | None
    requests: int

    @property
    def busiest(self) -> float:
        """The utilisation of the busiest station."""
        return max(self.utilisation.values(), default=0.0)

    @property
    def uncertain(self) -> bool:
        """Whether it is so close to saturation that its latencies are to be given as intervals."""
        return self.busiest > UNCERTAIN_ABOVE


def predict_load(
    deployed: DeployedPipeline,
    traffic: Traffic,
    bound: float | None = None,
    *,
    requests: int = REQUESTS_OF_A_RUN,
    count: int = LOAD_REPLICATES,
    seed: int = 0,
) -> LoadPrediction:
    """Simulate a deployed pipeline under the load of `traffic`.

    Args:
        deployed: the pipeline in its deployment.
        traffic: the load.
        bound: seconds of the service level.
        requests: of each replicate: the intervals are those of runs of so many. The figures themselves come from ten
            times as many.
        count: of replicates.
        seed: of all that is drawn.
    """
    run = as_measured(deployed, traffic, 10 * requests, seed).at(traffic.rate)
    drawn = [
        each.at(traffic.rate).outcome.latency for each in draw_replicates(deployed, traffic, requests, count, seed)
    ]
    latency, scatter = run.outcome.latency, [latency_figures(each) for each in drawn]
    return LoadPrediction(
        rate=traffic.rate,
        latencies={
            name: ratio_interval(value, [row[name] for row in scatter], requests)
            for name, value in latency_figures(latency).items()
        },
        attained=None if bound is None else _attained(latency, drawn, bound),
        utilisation=utilisation(run),
        tail=tail_shares(run),
        failed=float(np.isinf(latency).mean()),
        fell_back=float(run.outcome.fell_back.any(axis=1).mean()),
        usd_per_1k=usd_per_1k(run),
        requests=requests,
    )


def latency_figures(latency: Floats) -> dict[str, float]:
    """Every latency figure of requests that took so many seconds."""
    return {figure.name: float(figure.summary.of(latency[np.newaxis])[0]) for figure in LATENCIES}


def ratio_interval(value: float, drawn: Sequence[float], n: int) -> Estimate:
    """A figure with an interval as wide as replicates scatter, as ratios; unbounded where some are infinite."""
    finite = np.array([each for each in drawn if 0 < each < math.inf])
    if len(finite) < 2 or not 0 < value < math.inf:
        return Estimate(value, value, value, n, 0)
    reach = math.exp(INTERVAL_DEVIATIONS * float(np.std(np.log(finite), ddof=1)))
    return Estimate(value, value / reach, value * reach if len(finite) == len(drawn) else math.inf, n, 0)


def _attained(latency: Floats, drawn: Sequence[Floats], bound: float) -> Estimate:
    value = float((latency <= bound).mean())
    shares = [float((each <= bound).mean()) for each in drawn]
    reach = INTERVAL_DEVIATIONS * float(np.std(shares, ddof=1)) if len(shares) > 1 else 0.0
    return Estimate(value, max(0.0, value - reach), min(1.0, value + reach), len(latency), 0)


def utilisation(run: SimulatedRun) -> dict[str, float]:
    """By station, the share of the time that its replicas work, or its servers."""
    shares = {}
    for station, busy in zip(run.deployed.stations, run.outcome.busy.tolist(), strict=True):
        if not isinstance(station, ProviderStation):
            servers = station.replicas if isinstance(station, ReplicaStation) else station.servers
            shares[station.name] = busy / (servers * run.outcome.seconds)
    return shares


def tail_shares(run: SimulatedRun) -> dict[str, TailShares]:
    """Where the seconds of the slowest answered requests went, by station; the shares add up to 1."""
    latency = run.outcome.latency
    answered = latency[np.isfinite(latency)]
    slow = np.isfinite(latency) & (latency >= np.quantile(answered, TAIL)) if len(answered) else answered > 0
    queued, served = run.outcome.queued[slow].sum(axis=0), run.outcome.served[slow].sum(axis=0)
    total = float(queued.sum() + served.sum()) or 1.0
    shares = zip(run.deployed.names, (queued / total).tolist(), (served / total).tolist(), strict=True)
    return {name: TailShares(waiting, working) for name, waiting, working in shares}


def usd_per_1k(run: SimulatedRun) -> float | None:
    """Dollars for 1,000 requests: of the machines for as long as these take to arrive, and of a provider's calls,
    hedges and retries included; None where a call has no price."""
    calls = run.deployed.call_usd[run.offered.questions]
    usd = float((calls.mean(axis=0) * _times_asked(run)).sum())
    return None if math.isnan(usd) else 1000 * (run.deployed.deployment.usd_per_hour / 3600 / run.rate + usd)


def _times_asked(run: SimulatedRun) -> Floats:
    """How often each station is asked for one visit, in the mean: the seconds that it worked, over those of one answer
    each. A provider alone is paid by the call."""
    needed = run.deployed.demand.seconds[run.offered.questions]
    alone = np.where(np.isfinite(needed), needed, 0.0).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = run.outcome.busy / alone
    provided = np.array([isinstance(station, ProviderStation) for station in run.deployed.stations])
    return np.where(provided & np.isfinite(times), times, 1.0)
