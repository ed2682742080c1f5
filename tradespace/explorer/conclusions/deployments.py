"""Pipelines in deployments under a load: which can bear it, and which are on the frontier.

Nothing is called: all of it is computed from seconds that the ledger holds. Bounds come first. They tell which
deployments have more work than their replicas can do, and which cannot be on the frontier, whatever their queues do;
only the others are simulated, all with the same requests.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tradespace.evals.figures import USD_PER_1K, USD_PER_HOUR, Kind, figure_of
from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.dominance import non_dominated
from tradespace.explorer.load.bounds import highest_rates, least_replicas
from tradespace.explorer.load.demand import NOT_PROFILED, DeployedPipeline, StationProfiles, by_stages, deploy
from tradespace.explorer.load.deployed_figures import best_figures, simulated_figures
from tradespace.explorer.load.prediction import utilisation
from tradespace.explorer.load.replicates import Replicate, as_measured
from tradespace.explorer.load.stations import ProviderStation
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.results import Evaluation
from tradespace.search_space.deployment import Deployment
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import Goals, Objective

SCREENING_REQUESTS = 1_500


@dataclass(frozen=True, slots=True)
class DeployedPoint:
    """A pipeline in a deployment, simulated under a load.

    Attributes:
        figures: by measure; None where unknown or infinite.
        busiest: utilisation of the busiest station.
        keeps_bounds: whether its figures keep the service level and all limits.
    """

    deployed: DeployedPipeline
    figures: Mapping[str, float | None]
    busiest: float
    keeps_bounds: bool
    on_frontier: bool = False

    @property
    def pipeline(self) -> str:
        """Its notation."""
        return self.deployed.evaluation.pipeline

    @property
    def deployment(self) -> Deployment:
        """What its stages run on."""
        return self.deployed.deployment


@dataclass(frozen=True, slots=True)
class Overload:
    """A group of stages that is too slow for a load in some deployments.

    Attributes:
        group: its name.
        least, most: replicas that it needs at least, of the pipeline that needs fewest and of that which needs most;
            None where no number is enough, as replicas slow each other.
        combinations: pipelines in deployments for which it has too few.
    """

    group: str
    least: int | None
    most: int | None
    combinations: int


@dataclass(frozen=True, slots=True)
class ExploredDeployments:
    """What became of all pipelines in all deployments, under one load.

    Attributes:
        considered: how many there are.
        overloads: those that have more work than they can do, by group.
        overloaded: how many these are.
        skipped: how many were not simulated, as another is better whatever their queues do.
        points: those that were simulated.
    """

    traffic: Traffic
    considered: int
    overloaded: int
    overloads: tuple[Overload, ...]
    skipped: int
    points: tuple[DeployedPoint, ...]

    @property
    def frontier(self) -> tuple[DeployedPoint, ...]:
        """The points that no other dominates."""
        return tuple(point for point in self.points if point.on_frontier)


def explore_deployments(
    evaluations: Sequence[Evaluation],
    space: DeploymentSpace,
    traffic: Traffic,
    profiles: StationProfiles = NOT_PROFILED,
) -> ExploredDeployments:
    """Find the frontier of pipelines in deployments under one load, by the goals as they are written.

    Pipelines whose stages were not timed on this host are left out.
    """
    deployed = list(deployed_pipelines(evaluations, space, profiles))
    bearing = [highest_rate(each) > traffic.rate for each in deployed]
    able = [each for each, bears in zip(deployed, bearing, strict=True) if bears]
    points = list(_Screening(space.goals, traffic).points(able))
    return ExploredDeployments(
        traffic=traffic,
        considered=len(deployed),
        overloaded=len(deployed) - len(able),
        overloads=_overloads([each for each, bears in zip(deployed, bearing, strict=True) if not bears], traffic.rate),
        skipped=len(able) - len(points),
        points=_with_frontier(points, space.goals),
    )


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


def deployed_pipelines(
    evaluations: Sequence[Evaluation],
    space: DeploymentSpace,
    profiles: StationProfiles = NOT_PROFILED,
    fallbacks: Sequence[Evaluation] = (),
) -> Iterator[DeployedPipeline]:
    """Every pipeline whose stages were timed, in every deployment. A fallback that was not evaluated in its place, here
    or among the further `fallbacks`, is taken to fail: neither its seconds nor its scores are known."""
    others = by_stages((*fallbacks, *evaluations))
    for evaluation in evaluations:
        if any(evaluation.seconds.values()):
            for deployment in space.deployments_of(tuple(evaluation.seconds)):
                yield _with_known_fallbacks(deploy(evaluation, deployment, profiles, others))


def _with_known_fallbacks(deployed: DeployedPipeline) -> DeployedPipeline:
    failing = np.full(len(deployed.demand.seconds), math.inf)
    named = (place for place, station in enumerate(deployed.stations) if station.tail.fallback)
    fallbacks = dict.fromkeys(named, failing) | deployed.demand.fallbacks
    return replace(deployed, demand=replace(deployed.demand, fallbacks=fallbacks))


def highest_rate(deployed: DeployedPipeline) -> float:
    """Requests a second that it can answer in the long run, at most."""
    return float(highest_rates(deployed.stations, deployed.demand).min())


def simulated_point(deployed: DeployedPipeline, replicate: Replicate, traffic: Traffic, goals: Goals) -> DeployedPoint:
    """What becomes of the requests of a replicate, by the measures that deployments are judged by."""
    run, measures = replicate.at(traffic.rate), judged_by(goals)
    values = dict(zip(measures, simulated_figures(run, measures), strict=True))
    return DeployedPoint(
        deployed,
        {name: value if math.isfinite(value) else None for name, value in values.items()},
        max(utilisation(run).values(), default=0.0),
        keeps_bounds(values, goals),
    )


def keeps_bounds(values: Mapping[str, float], goals: Goals, *, unknown: bool = False) -> bool:
    """Whether all bounds are kept; what is not known may keep them, where that is asked."""
    return all(
        bound.kept_by(values[bound.measure]) or (unknown and math.isnan(values[bound.measure]))
        for bound in goals.bounds
    )


@dataclass(frozen=True)
class _Screening:
    """Simulates those deployed pipelines that may be on the frontier, or keep the bounds, and no other is better."""

    goals: Goals
    traffic: Traffic

    def points(self, able: Sequence[DeployedPipeline]) -> Iterator[DeployedPoint]:
        """In the order in which they are likely to be good."""
        measures = judged_by(self.goals)
        best = [best_figures(each, self.traffic.rate, measures) for each in able]
        costs = self._costs(best)
        better = _Better()
        for place in _promising(costs).tolist():
            may_keep = keeps_bounds(dict(zip(measures, best[place], strict=True)), self.goals, unknown=True)
            if not better.than(costs[place], among_all=not may_keep):
                point = self._point(able[place])
                better.add(self._costs([[_number(point.figures[name]) for name in measures]])[0], point.keeps_bounds)
                yield point

    def _point(self, deployed: DeployedPipeline) -> DeployedPoint:
        replicate = as_measured(deployed, self.traffic, SCREENING_REQUESTS, whole_trace=False)
        return simulated_point(deployed, replicate, self.traffic, self.goals)

    def _costs(self, rows: Sequence[Sequence[float]]) -> Floats:
        """The objectives' columns, of which less is better."""
        signs = [-1.0 if objective.maximize else 1.0 for objective in compared_by(self.goals)]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(judged_by(self.goals)))[:, : len(signs)] * signs


class _Better:
    """The figures of points that were simulated, which others would have to beat."""

    def __init__(self) -> None:
        self._rows: list[Floats] = []
        self._keeping: list[bool] = []

    def add(self, costs: Floats, keeps_bounds: bool) -> None:
        if np.isfinite(costs).all():
            self._rows.append(costs)
            self._keeping.append(keeps_bounds)

    def than(self, costs: Floats, *, among_all: bool) -> bool:
        """Whether one of those that keep the bounds, or of all, is at least as good in everything, however good the
        other may be where it is not known."""
        rows = np.array(self._rows)[np.array(self._keeping) | among_all] if self._rows else np.zeros((0, len(costs)))
        return bool((rows <= np.where(np.isnan(costs), -math.inf, costs)).all(axis=1).any())


def _promising(costs: Floats) -> Integers:
    """Places by the mean rank in all objectives."""
    ranks = np.argsort(np.argsort(np.nan_to_num(costs, nan=math.inf), axis=0, kind="stable"), axis=0, kind="stable")
    return np.argsort(ranks.mean(axis=1), kind="stable")


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _with_frontier(points: Sequence[DeployedPoint], goals: Goals) -> tuple[DeployedPoint, ...]:
    names = [objective.measure for objective in compared_by(goals)]
    table = np.array([[point.figures[name] for name in names] for point in points], dtype=np.float64)
    flags = non_dominated(table, [objective.maximize for objective in compared_by(goals)])
    return tuple(replace(point, on_frontier=bool(flag)) for point, flag in zip(points, flags, strict=True))


def _overloads(deployed: Sequence[DeployedPipeline], rate: float) -> tuple[Overload, ...]:
    """By group of stages, how many replicas it takes where there are too few."""
    needed: defaultdict[str, list[int | None]] = defaultdict(list)
    for each in deployed:
        most = highest_rates(each.stations, each.demand).tolist()
        for place, station in enumerate(each.stations):
            if most[place] <= rate and not isinstance(station, ProviderStation):
                needed[station.name].append(least_replicas(station, each.demand, place, rate))
    return tuple(_overload(name, counts) for name, counts in needed.items())


def _overload(group: str, counts: Sequence[int | None]) -> Overload:
    enough = [count for count in counts if count is not None]
    return Overload(group, min(enough, default=None), None if None in counts else max(enough), len(counts))
