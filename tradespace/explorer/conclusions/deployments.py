"""Pipelines in deployments under a load: which can bear it, and which are on the frontier.

Nothing is called: all of it is computed from seconds that the ledger holds. Bounds come first. They tell which
deployments have more work than their replicas can do, and which cannot be on the frontier, whatever their queues do;
only the others are simulated, all with the same requests.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.conclusions.deployed_points import (
    DeployedPoint,
    DeployedPoints,
    compared_by,
    distinct,
    judged_by,
    keeps_bounds,
)
from tradespace.explorer.dominance import non_dominated
from tradespace.explorer.load.bounds import highest_rates, least_replicas
from tradespace.explorer.load.demand import DeployedPipeline, by_stages, deploy
from tradespace.explorer.load.deployed_figures import best_figures
from tradespace.explorer.load.station_profiles import NOT_PROFILED, StationProfiles
from tradespace.explorer.load.stations import ProviderStation
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.results import Evaluation
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import Goals

SCREENING_REQUESTS = 1_500


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
        alike: those that come to the same as a simpler one.
        points: the others, as they were simulated.
    """

    traffic: Traffic
    considered: int
    overloaded: int
    overloads: tuple[Overload, ...]
    skipped: int
    alike: int
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
    return compare_deployed(list(deployed_pipelines(evaluations, space, profiles)), space.goals, traffic)


def compare_deployed(deployed: Sequence[DeployedPipeline], goals: Goals, traffic: Traffic) -> ExploredDeployments:
    """The same of pipelines that are deployed already."""
    able = [each for each in deployed if each.highest_rate > traffic.rate]
    points = list(_Screening(goals, traffic).points(able))
    different = list(distinct(points))
    return ExploredDeployments(
        traffic=traffic,
        considered=len(deployed),
        overloaded=len(deployed) - len(able),
        overloads=_overloads([each for each in deployed if each.highest_rate <= traffic.rate], traffic.rate),
        skipped=len(able) - len(points),
        alike=len(points) - len(different),
        points=_with_frontier(different, goals),
    )


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
        better, points = _Better(), DeployedPoints(self.goals, self.traffic, SCREENING_REQUESTS)
        for place in _promising(costs).tolist():
            may_keep = keeps_bounds(dict(zip(measures, best[place], strict=True)), self.goals, unknown=True)
            if not better.than(costs[place], among_all=not may_keep):
                point = points.of(able[place])
                better.add(self._costs([[_number(point.figures[name]) for name in measures]])[0], point.keeps_bounds)
                yield point

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
