"""Which pipeline is recommended in which deployment under a load, and what is foretold of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.deployments import DeployedPoint, ExploredDeployments, explore_deployments
from tradespace.explorer.conclusions.figures import leads
from tradespace.explorer.load.capacity import burst_capacity, capacity
from tradespace.explorer.load.demand import NOT_PROFILED, StationProfiles
from tradespace.explorer.load.prediction import LoadPrediction, predict_load
from tradespace.explorer.load.study_deployments import StudyDeployments
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.results import Evaluation, Results
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import Goals, ServiceLevel

TRIED = 3
"""Deployments, the cheapest first, of which intervals are computed until one surely keeps the service level."""


@dataclass(frozen=True)
class DeployedChoice:
    """A recommended pipeline in its deployment.

    Attributes:
        sure: whether its interval keeps the service level too, not the figure alone.
        capacity: requests a second that it bears within the service level; None where there is none.
        in_bursts: the same where requests come in bursts (a coefficient of variation of 2).
    """

    point: DeployedPoint
    prediction: LoadPrediction
    sure: bool
    capacity: Estimate | None = None
    in_bursts: float | None = None


@dataclass(frozen=True)
class LoadConclusion:
    """What follows under one load.

    Attributes:
        explored: all pipelines in all deployments, on the explore questions.
        chosen: of the confirmed pipelines, or where none of them keeps the bounds of all; None where none does.
        confirmed: whether it is one of those.
    """

    traffic: Traffic
    explored: ExploredDeployments
    chosen: DeployedChoice | None
    confirmed: bool


def conclude_load(
    explored: Sequence[Evaluation],
    confirmed: Sequence[Evaluation],
    space: DeploymentSpace,
    traffic: Traffic,
    profiles: StationProfiles = NOT_PROFILED,
) -> LoadConclusion:
    """Explore the deployments of all pipelines under one load, and recommend one.

    It is the most accurate that keeps all bounds; of those whose accuracy can't be told apart from that, on the same
    questions, the one whose machines cost least, then the fastest.
    """
    everything = explore_deployments(explored, space, traffic, profiles)
    judged = explore_deployments(confirmed, space, traffic, profiles)
    keeping = [point for point in judged.points if point.keeps_bounds]
    refuted = {evaluation.pipeline for evaluation in confirmed}
    fresh = [point for point in everything.points if point.keeps_bounds and point.pipeline not in refuted]
    chosen = _choose(preferred(keeping or fresh, space.goals), space.goals, traffic) if space.goals.recommend else None
    return LoadConclusion(traffic, everything, chosen, confirmed=bool(keeping))


def conclude_loads(results: Results, deployments: StudyDeployments) -> tuple[LoadConclusion, ...]:
    """What a study's results say under each of its loads."""
    return tuple(
        conclude_load(results.explored, results.confirmed, deployments.space, traffic, deployments.profiles)
        for traffic in deployments.traffics
    )


def preferred(points: Sequence[DeployedPoint], goals: Goals) -> list[DeployedPoint]:
    """Of points that keep all bounds, those that may be recommended, the cheapest first."""
    worth = {id(point): _worth(point, goals) for point in points}
    known = [point for point in points if math.isfinite(worth[id(point)])]
    if not known:
        return []
    best = max(known, key=lambda point: worth[id(point)])
    tied = _tied(best, known, goals)
    return sorted((point for point in known if point.pipeline in tied), key=lambda point: _costs(point, goals))


def _worth(point: DeployedPoint, goals: Goals) -> float:
    if goals.utility:
        values = [point.figures[name] for name in goals.utility.measures]
        known = {
            name: math.nan if value is None else value
            for name, value in zip(goals.utility.measures, values, strict=True)
        }
        return float(goals.utility.of(known))
    value = point.figures[goals.primary.measure]
    return math.nan if value is None else value if goals.primary.maximize else -value


def _tied(best: DeployedPoint, points: Sequence[DeployedPoint], goals: Goals) -> set[str]:
    """The pipelines that can't be told apart from the best; itself alone where a utility weighs more than scores."""
    own = best.deployed.evaluation
    others = list({p.pipeline: p.deployed.evaluation for p in points if p.pipeline != own.pipeline}.values())
    if goals.utility or not goals.primary.is_score:
        return {own.pipeline}
    behind = leads(own, others, goals)
    return {own.pipeline} | {
        other.pipeline for other, lead in zip(others, behind, strict=True) if not (lead.low or 0.0) > 0
    }


def _costs(point: DeployedPoint, goals: Goals) -> list[float]:
    values = [point.figures[name] for name in ("usd_per_hour", "usd_per_1k", goals.latency)]
    return [math.inf if value is None else value for value in values]


def _choose(points: Sequence[DeployedPoint], goals: Goals, traffic: Traffic) -> DeployedChoice | None:
    """The first that surely keeps the service level, or else the first."""
    chosen: DeployedChoice | None = None
    for point in points[:TRIED]:
        tried = _predicted(point, goals.sla, traffic)
        chosen = tried if chosen is None or tried.sure else chosen
        if tried.sure:
            break
    if chosen is None or goals.sla is None:
        return chosen
    deployed = chosen.point.deployed
    return DeployedChoice(
        chosen.point,
        chosen.prediction,
        chosen.sure,
        capacity(deployed, traffic, goals.sla),
        burst_capacity(deployed, traffic, goals.sla),
    )


def _predicted(point: DeployedPoint, sla: ServiceLevel | None, traffic: Traffic) -> DeployedChoice:
    prediction = predict_load(point.deployed, traffic, sla.seconds if sla else None)
    sure = sla is None or (prediction.latencies[sla.measure].high or math.inf) <= sla.seconds
    return DeployedChoice(point, prediction, sure)
