"""A pipeline in a deployment as a point among others: the figures that it comes to under a load.

Deployments that differ in nothing but policies that never come into play are one, and simulated once.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tradespace.evals.figures import USD_PER_1K, USD_PER_HOUR, Kind, figure_of
from tradespace.explorer.arrays import Flags, Floats
from tradespace.explorer.load.demand import DeployedPipeline
from tradespace.explorer.load.deployed_figures import simulated_figures
from tradespace.explorer.load.prediction import utilisation
from tradespace.explorer.load.replicates import SimulatedRun, as_measured
from tradespace.explorer.load.simulation import policies_act
from tradespace.explorer.load.traffic import Traffic
from tradespace.search_space.deployment import PATIENT, Deployment, TailPolicy
from tradespace.search_space.goals import Goals, Objective


@dataclass(frozen=True, slots=True)
class DeployedPoint:
    """A pipeline in a deployment, simulated under a load.

    Attributes:
        figures: by measure; None where unknown or infinite.
        busiest: utilisation of the busiest station.
        keeps_bounds: whether its figures keep the service level and all limits.
        alike: how many other deployments of the pipeline, on as many machines, come to the same figures.
    """

    deployed: DeployedPipeline
    figures: Mapping[str, float | None]
    busiest: float
    keeps_bounds: bool
    on_frontier: bool = False
    alike: int = 0

    @property
    def pipeline(self) -> str:
        """Its notation."""
        return self.deployed.evaluation.pipeline

    @property
    def deployment(self) -> Deployment:
        """What its stages run on."""
        return self.deployed.deployment


@dataclass(frozen=True, slots=True)
class _Patient:
    """A point that no tail policy had a part in, with what another one would have to say to: by station, the longest
    visit, and whether any request failed."""

    point: DeployedPoint
    longest: Floats
    failing: Flags


class DeployedPoints:
    """Simulates deployed pipelines under a load, all with the same requests, and those once that are one.

    Args:
        goals: that they are judged by.
        traffic: the load.
        requests: of each run.
        whole_trace: whether runs are as long as the trace that the load names.
    """

    def __init__(self, goals: Goals, traffic: Traffic, requests: int, *, whole_trace: bool = False) -> None:
        self._goals = goals
        self._traffic = traffic
        self._requests = requests
        self._whole_trace = whole_trace
        self._patient: dict[Hashable, _Patient] = {}

    def of(self, deployed: DeployedPipeline) -> DeployedPoint:
        """Simulated; or as its twin, where its own policies would have had no part in that either."""
        key = _without_policies(deployed)
        twin = self._patient.get(key)
        if twin and not policies_act(deployed.stations, twin.longest, twin.failing):
            return replace(twin.point, deployed=deployed)
        replicate = as_measured(deployed, self._traffic, self._requests, whole_trace=self._whole_trace)
        run = replicate.at(self._traffic.rate)
        point, longest, failing = self._point(run), _longest_visits(run), _failing(run)
        if not policies_act(deployed.stations, longest, failing):
            self._patient[key] = _Patient(point, longest, failing)
        return point

    def _point(self, run: SimulatedRun) -> DeployedPoint:
        measures = judged_by(self._goals)
        values = dict(zip(measures, simulated_figures(run, measures), strict=True))
        return DeployedPoint(
            run.deployed,
            {name: value if math.isfinite(value) else None for name, value in values.items()},
            max(utilisation(run).values(), default=0.0),
            keeps_bounds(values, self._goals),
        )


def _without_policies(deployed: DeployedPipeline) -> Hashable:
    """What a run depends on while no policy acts, and its dollars."""
    patient = tuple(replace(station, tail=PATIENT) for station in deployed.stations)
    return id(deployed.evaluation), patient, deployed.deployment.usd_per_hour


def _longest_visits(run: SimulatedRun) -> Floats:
    return np.asarray((run.outcome.queued + run.outcome.served).max(axis=0, initial=0.0))


def _failing(run: SimulatedRun) -> Flags:
    return np.asarray(np.isinf(run.deployed.demand.seconds)[run.offered.questions].any(axis=0))


def distinct(points: Iterable[DeployedPoint]) -> Iterator[DeployedPoint]:
    """Points of the same pipeline, on as many machines, with the same figures are one: the simplest of them, which
    counts the others."""
    same: dict[Hashable, list[DeployedPoint]] = {}
    for point in points:
        machines = tuple(point.deployment.machines.items())
        same.setdefault((point.pipeline, machines, tuple(point.figures.items())), []).append(point)
    for some in same.values():
        yield replace(min(some, key=lambda point: _settings(point.deployment)), alike=len(some) - 1)


def _settings(deployment: Deployment) -> tuple[float, ...]:
    """The less, the simpler: replicas, requests in a batch, seconds of waiting, policies."""
    groups = deployment.groups
    return (
        sum(group.replicas for group in groups),
        sum(group.batch for group in groups),
        sum(group.wait for group in groups),
        sum(_policies(group.tail) for group in groups),
    )


def _policies(tail: TailPolicy) -> int:
    return sum([tail.timeout is not None, tail.hedge_after is not None, tail.retries > 0, bool(tail.fallback)])


def judged_by(goals: Goals) -> tuple[str, ...]:
    """The measures that deployments are compared by: those of `compared_by`, then what has a bound, then dollars."""
    objectives = [objective.measure for objective in compared_by(goals)]
    return tuple(dict.fromkeys([*objectives, *goals.needed, goals.latency, USD_PER_HOUR.name, USD_PER_1K.name]))


def compared_by(goals: Goals) -> tuple[Objective, ...]:
    """The objectives that span the frontier; where none is a latency, the judged one is added, as that is what a load
    changes."""
    if any(figure_of(name).kind is Kind.LATENCY for name in goals.measures):
        return goals.objectives
    return (*goals.objectives, Objective(goals.latency, maximize=False))


def keeps_bounds(values: Mapping[str, float], goals: Goals, *, unknown: bool = False) -> bool:
    """Whether all bounds are kept; what is not known may keep them, where that is asked."""
    return all(
        bound.kept_by(values[bound.measure]) or (unknown and math.isnan(values[bound.measure]))
        for bound in goals.bounds
    )
