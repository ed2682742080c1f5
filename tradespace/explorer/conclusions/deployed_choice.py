"""Which pipeline is recommended in which deployment under a load, and what is foretold of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.calibration import calibrated
from tradespace.explorer.conclusions.deciding import Decision
from tradespace.explorer.conclusions.deployed_points import DeployedPoint
from tradespace.explorer.conclusions.deployments import ExploredDeployments, compare_deployed, deployed_pipelines
from tradespace.explorer.load.capacity import burst_capacity, capacity
from tradespace.explorer.load.prediction import LoadPrediction, predict_load
from tradespace.explorer.load.station_profiles import NOT_PROFILED, StationProfiles
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
        point: its figures on a long run, which keep all bounds.
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
        nearest: where none is chosen, the one that misses the bounds by least of those that were tried.
    """

    traffic: Traffic
    explored: ExploredDeployments
    chosen: DeployedChoice | None
    confirmed: bool
    nearest: DeployedPoint | None = None


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
    return _Deployed(explored, confirmed, space, profiles).under(traffic)


class _Deployed:
    """All pipelines of a study in all deployments, which are the same under every load."""

    def __init__(
        self,
        explored: Sequence[Evaluation],
        confirmed: Sequence[Evaluation],
        space: DeploymentSpace,
        profiles: StationProfiles,
    ) -> None:
        self._goals = space.goals
        self._explored = list(deployed_pipelines(explored, space, profiles))
        self._confirmed = list(deployed_pipelines(confirmed, space, profiles))
        refuted = {evaluation.pipeline for evaluation in confirmed}
        self._fresh = [each for each in self._explored if each.evaluation.pipeline not in refuted]

    def under(self, traffic: Traffic) -> LoadConclusion:
        """What follows under one load."""
        everything = compare_deployed(self._explored, self._goals, traffic)
        decision = Decision(self._goals, traffic)
        chosen, is_confirmed = None, False
        for some in (self._confirmed, self._fresh) if self._goals.recommend else ():
            if chosen := _choose(decision.kept(some), self._goals, traffic):
                is_confirmed = some is self._confirmed
                break
        return LoadConclusion(traffic, everything, chosen, is_confirmed, None if chosen else decision.nearest)


def conclude_loads(results: Results, deployments: StudyDeployments) -> tuple[LoadConclusion, ...]:
    """What a study's results say under each of its loads."""
    corrected, _ = calibrated(results)
    deployed = _Deployed(corrected.explored, corrected.confirmed, deployments.space, deployments.profiles)
    return tuple(deployed.under(traffic) for traffic in deployments.traffics)


def _choose(points: Iterator[DeployedPoint], goals: Goals, traffic: Traffic) -> DeployedChoice | None:
    """The first that surely keeps the service level, or else the first."""
    chosen: DeployedChoice | None = None
    for point in islice(points, TRIED):
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
