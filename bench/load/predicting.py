"""What a run is predicted to come to, before it is made."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.load.records import QUANTILES, Capacity, Case, Parts, Predicted, Range
from bench.load.rehearsal import Rehearsed
from bench.load.systems import ARRIVALS
from tradespace.data.traffic import ArrivalTrace, find_trace
from tradespace.evals.statistics import Estimate
from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.bounds import highest_rates, least_latencies
from tradespace.explorer.load.capacity import capacity
from tradespace.explorer.load.demand import DeployedPipeline
from tradespace.explorer.load.replicates import Replicate, SimulatedRun, as_measured, draw_replicates
from tradespace.explorer.load.stations import OfferedRequests
from tradespace.explorer.load.traffic import Traffic
from tradespace.search_space.goals import ServiceLevel

BOUNDS = (1.5, 2.0, 3.0, 5.0, 8.0)
"""Bounds on latencies, as multiples of the p95 of requests that never queue."""
REPLICATES = 40
COVERED = (0.05, 0.95)
LONGER = 10
"""How many times as many requests as a run has the predicted figures come from."""


@dataclass(frozen=True)
class OfferedLoad:
    """A system under a load of so many requests.

    Attributes:
        rate: requests a second.
        requests: how many.
        seed: of arrivals and questions.
    """

    rehearsed: Rehearsed
    traffic: Traffic
    rate: float
    requests: int
    seed: int

    @property
    def offered(self) -> OfferedRequests:
        """The arrivals and questions of the run."""
        return offered(self.traffic, self.rate, self.requests, len(self.rehearsed.profiled.own.questions), self.seed)

    def predicted(self) -> Predicted:
        """From the process of its arrivals: what a user can know beforehand."""
        deployed = self.rehearsed.deployed
        drawn = draw_replicates(deployed, self.traffic, self.requests, REPLICATES)
        whole = as_measured(deployed, self.traffic, LONGER * self.requests).at(self.rate)
        return self._told(whole, [each.at(self.rate) for each in drawn])

    def replayed(self) -> Predicted:
        """From its arrivals and questions themselves."""
        deployed, requests = self.rehearsed.deployed, self.offered
        drawn = draw_replicates(deployed, self.traffic, self.requests, REPLICATES)
        again = [replace(each, offered=requests).at(1.0) for each in drawn]
        same = [Replicate(deployed, requests, seed).at(1.0) for seed in range(LONGER)]
        return self._told(_together(same), again)

    def _told(self, run: SimulatedRun, drawn: Sequence[SimulatedRun]) -> Predicted:
        outside = self.rehearsed.outside
        latency, scatter = _whole(run, outside), [_whole(each, outside) for each in drawn]
        return Predicted(
            quantiles={
                name: _range(quantile(latency, share), [quantile(each, share) for each in scatter])
                for name, share in QUANTILES.items()
            },
            attainments={
                bound: _range(within(latency, bound), [within(each, bound) for each in scatter])
                for bound in bounds(self.rehearsed)
            },
            parts=_parts(run, float(outside.mean())),
        )


def offered(traffic: Traffic, rate: float, requests: int, questions: int, seed: int) -> OfferedRequests:
    """Requests with arrivals and questions that no prediction has drawn."""
    own = zlib.crc32(f"run {seed}".encode())
    chosen = np.random.default_rng(own).integers(questions, size=requests)
    return OfferedRequests(traffic.unit_arrivals(requests, own) / rate, chosen)


def load_of(case: Case, rehearsed: Rehearsed, seconds: float, seed: int) -> OfferedLoad:
    """The load of a case for so many seconds.

    A trace is taken as far as it lasts at the highest rate of its system; all rates offer these requests, closer
    together or further apart.
    """
    highest = saturation(rehearsed.deployed)
    rate = case.utilisation * highest
    load = ARRIVALS[case.arrivals]
    if not load.trace:
        return OfferedLoad(rehearsed, Traffic(load), rate, round(rate * seconds), seed)
    requests = round(max(rehearsed.profiled.system.utilisations) * highest * seconds)
    return OfferedLoad(rehearsed, Traffic(load, stretch(load.trace, requests)), rate, requests, seed)


def stretch(name: str, requests: int) -> ArrivalTrace:
    """The first requests of a bundled trace, as a trace of its own."""
    trace = find_trace(name)
    return trace.between(0.0, float(trace.arrivals[requests]))


def saturation(deployed: DeployedPipeline) -> float:
    """Requests a second that its busiest station can answer in the long run."""
    return float(highest_rates(deployed.stations, deployed.demand).min())


def bounds(rehearsed: Rehearsed) -> list[float]:
    """Bounds on the latency in seconds that make sense for a system, the same for all of its runs."""
    deployed = rehearsed.profiled.deployed
    alone = float(np.quantile(least_latencies(deployed.stations, deployed.demand), QUANTILES["p95"]))
    return [round(factor * alone, 4) for factor in BOUNDS]


def predicted_capacities(load: OfferedLoad) -> tuple[Capacity, ...]:
    """What the system holds at each bound, of which the gateway takes its part."""
    deployed, outside = load.rehearsed.deployed, float(np.median(load.rehearsed.outside))
    found = []
    for name in ("p95", "p99"):
        for bound in bounds(load.rehearsed):
            sla = ServiceLevel(f"latency_{name}", bound - outside)
            estimate = capacity(deployed, load.traffic, sla, requests=load.requests)
            found.append(Capacity(quantile=name, bound=bound, rate=_estimated(estimate)))
    return tuple(found)


def quantile(latency: Floats, share: float) -> float:
    """A quantile in seconds, as the measured ones are taken."""
    return float(np.quantile(latency, share, method="higher"))


def within(latency: Floats, bound: float) -> float:
    """The share of requests that are answered within a bound."""
    return float(np.mean(latency <= bound))


def _range(value: float, drawn: Sequence[float]) -> Range:
    low, high = np.quantile(drawn, COVERED)
    return Range(low=float(low), value=value, high=float(high))


def _estimated(estimate: Estimate) -> Range:
    assert estimate.value is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return Range(low=estimate.low, value=estimate.value, high=estimate.high)


def _together(runs: Sequence[SimulatedRun]) -> SimulatedRun:
    """Runs of the same requests as one."""
    first = runs[0]
    outcomes = [run.outcome for run in runs]
    outcome = replace(
        first.outcome,
        latency=np.concatenate([each.latency for each in outcomes]),
        queued=np.concatenate([each.queued for each in outcomes]),
        served=np.concatenate([each.served for each in outcomes]),
        busy=np.sum([each.busy for each in outcomes], axis=0),
    )
    return replace(first, outcome=outcome)


def _whole(run: SimulatedRun, outside: Floats) -> Floats:
    """Latencies, each with what a request was seen to take outside queues and replicas."""
    latency = run.outcome.latency
    return latency + np.random.default_rng(0).choice(outside, len(latency))


def _parts(run: SimulatedRun, outside: float) -> Parts:
    outcome = run.outcome
    work = outcome.busy / len(outcome.latency)
    return Parts(
        queued=float(outcome.queued.sum(axis=1).mean()),
        served=float(outcome.served.sum(axis=1).mean()),
        other=outside,
        work=dict(zip(run.deployed.names, work.tolist(), strict=True)),
    )
