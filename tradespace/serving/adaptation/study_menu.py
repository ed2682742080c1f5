"""The menu of a study: its frontier, in the deployments that its file allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.components.threads import cores
from tradespace.errors import InputError
from tradespace.evals.figures import figure_of
from tradespace.evals.figures.summaries import Quantile
from tradespace.explorer.arrays import Flags, Floats
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.load.demand import AnsweredBy, answered_by, end_to_end_ratio
from tradespace.explorer.load.profiles import ALONE
from tradespace.explorer.load.station_profiles import NOT_PROFILED, StationProfiles
from tradespace.explorer.results import Evaluation, Results
from tradespace.search_space.deployment import Deployment, Host, StageGroup
from tradespace.search_space.deployment.section import THIS_MACHINE
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import Goals
from tradespace.serving.adaptation.menu import Menu, ServiceBound, Variant, by_accuracy

USUAL_ANSWERED_SHARE = 0.95
"""Of answers within a bound that is one on another figure than a quantile."""
USUAL_STARTUP = 5.0
"""Seconds until a new replica has loaded its models, and answers."""


@dataclass(frozen=True, slots=True)
class MenuWishes:
    """What is asked for beside what a study says.

    Attributes:
        replicas: of each group of stages at most, where the study's file says nothing of deployment; this machine's
            cores where it is None.
        budget: dollars an hour that may be spent.
        startup: seconds until a new replica answers.
    """

    replicas: int | None = None
    budget: float | None = None
    startup: float = USUAL_STARTUP


def menu_of(
    results: Results,
    space: DeploymentSpace | None,
    wishes: MenuWishes,
    usd_per_hour: float = 0.0,
    profiles: StationProfiles = NOT_PROFILED,
) -> Menu:
    """The pipelines of the frontier that run in replicas, each on the explore questions, which all were asked.

    A group of stages that some pipelines lack takes no time for these.

    Args:
        results: of the study.
        space: the deployments that its file describes; None where it describes none.
        wishes: what else is asked for.
        usd_per_hour: of this machine.
        profiles: what was measured of stages in company.

    Raises:
        InputError: there is no SLA, the first objective is no score, or there is no choice.
    """
    frontier = [point.evaluation for point in conclude(results).frontier]
    able = [each for each in frontier if _in_replicas(each)]
    settings, hosts = _settings(able, space, wishes.replicas or cores(), usd_per_hour)
    _check(results.goals, able, settings)
    asked = np.isfinite(np.array([_seconds(each, tuple(each.seconds)) for each in able])).all(axis=0)
    measure = results.goals.primary.measure
    largest = Deployment(tuple(max(each, key=lambda group: group.replicas) for each in settings), hosts)
    variants = [_variant(each, measure, asked, largest, profiles) for each in able]
    return Menu(
        by_accuracy(variants), settings, _bound(results.goals), hosts, budget=wishes.budget, startup=wishes.startup
    )


def _in_replicas(evaluation: Evaluation) -> bool:
    """Whether processes of one's own answer all its stages, and its seconds are known."""
    timed = any(evaluation.seconds.values())
    return timed and all(answered_by(evaluation, stage) is AnsweredBy.REPLICAS for stage in evaluation.seconds)


def _settings(
    evaluations: Sequence[Evaluation], space: DeploymentSpace | None, replicas: int, usd_per_hour: float
) -> tuple[tuple[tuple[StageGroup, ...], ...], tuple[Host, ...]]:
    """For each group of stages all in which it may be deployed; of one group with all stages if nothing is said."""
    stages = list(dict.fromkeys(stage for each in evaluations for stage in each.seconds))
    if space is not None:
        deployments = list(space.deployments_of(stages))
        groups = zip(*(deployment.groups for deployment in deployments), strict=True)
        return tuple(tuple(dict.fromkeys(group)) for group in groups), space.hosts
    whole = tuple(StageGroup(tuple(stages), count, host=THIS_MACHINE) for count in range(1, replicas + 1))
    return (whole,), (Host(THIS_MACHINE, usd_per_hour, cores()),)


def _check(goals: Goals, evaluations: Sequence[Evaluation], settings: Sequence[Sequence[StageGroup]]) -> None:
    """Make sure that there is something to adapt, and something to keep.

    Raises:
        InputError: there is not.
    """
    if goals.sla is None:
        raise InputError("adaptation keeps a latency: say which with --sla, such as --sla '100 ms'")
    if not goals.primary.is_score:
        raise InputError(
            f"adaptation trades accuracy: the first objective must be a score; it is {goals.primary.measure}"
        )
    if not evaluations or len(evaluations) == 1 == max(map(len, settings)):
        raise InputError(
            "adaptation needs at least two options: two pipelines of the frontier that were timed and whose stages run "
            f"in processes of one's own, or several deployments of one; there are {len(evaluations)} such pipelines. "
            "Explore more of the space, or allow more replicas in its `deployment`"
        )


def _bound(goals: Goals) -> ServiceBound:
    assert goals.sla is not None
    summary = figure_of(goals.sla.measure).summary
    return ServiceBound(goals.sla.seconds, summary.share if isinstance(summary, Quantile) else USUAL_ANSWERED_SHARE)


def _variant(
    evaluation: Evaluation, measure: str, asked: Flags, largest: Deployment, profiles: StationProfiles
) -> Variant:
    """A pipeline on the questions that none of them failed on. Replicas have the threads that they have in the largest
    deployment; seconds of groups that were not profiled with these are corrected by runs from end to end."""
    groups = [group.stages for group in largest.groups]
    threads = [largest.threads(group.host) for group in largest.groups]
    components = [tuple(evaluation.stages[each] for each in stages if each in evaluation.stages) for stages in groups]
    found = [profiles.of_batches(each, count) for each, count in zip(components, threads, strict=True)]
    corrections = np.array([1.0 if profile else end_to_end_ratio(evaluation) for profile in found])
    seconds = np.stack([_seconds(evaluation, stages)[asked] for stages in groups], axis=1) * corrections
    scores = [score for score in evaluation.scores[measure] if score is not None]
    measured = tuple(profile or ALONE for profile in found)
    return Variant(evaluation.pipeline, float(np.mean(scores)), seconds, measured, tuple(components))


def _seconds(evaluation: Evaluation, stages: Sequence[str]) -> Floats:
    """What each question takes in some stages, alone; infinite where it failed."""
    rows = [evaluation.seconds[stage] for stage in stages if stage in evaluation.seconds]
    questions = len(next(iter(evaluation.seconds.values())))
    values = [[np.inf if value is None else value for value in row] for row in rows]
    return np.asarray(np.array(values, dtype=np.float64).reshape(len(rows), questions).sum(axis=0))
