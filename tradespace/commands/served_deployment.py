"""Which pipeline `serve` serves in which deployment where the command line does not say, and what that bears."""

from __future__ import annotations

from tradespace.components.base import Pipeline
from tradespace.explorer.conclusions.deployed_choice import DeployedChoice, conclude_load
from tradespace.explorer.conclusions.deployments import deployed_pipelines
from tradespace.explorer.load.capacity import capacity
from tradespace.explorer.load.station_profiles import NOT_PROFILED
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports.load_words import capacity_words
from tradespace.search_space.deployment import Deployment, Load
from tradespace.search_space.deployment.space import DeploymentSpace

STEADY = Traffic(Load(rate=1.0))


def recommended_deployment(study: StudyFolder) -> tuple[Traffic, DeployedChoice | None] | None:
    """The first load of a study, and what it recommends under it, if anything; None where it explores no deployments,
    or was not explored."""
    deployments = study.deployments()
    if deployments is None:
        return None
    results, traffic = study.results(), deployments.traffics[0]
    concluded = conclude_load(results.explored, results.confirmed, deployments.space, traffic, deployments.profiles)
    return traffic, concluded.chosen


def capacity_sentence(study: StudyFolder, pipeline: Pipeline, deployment: Deployment) -> str:
    """How many requests a second keep the study's SLA, as is foretold; empty where there is none, or the pipeline was
    not timed."""
    results, deployments = study.results(), study.deployments()
    sla = results.goals.sla
    known = [each for each in (*results.confirmed, *results.explored) if each.pipeline == str(pipeline)]
    groups = tuple((group,) for group in deployment.groups)
    space = DeploymentSpace((STEADY.load,), groups, deployment.hosts, results.goals)
    profiles = deployments.profiles if deployments else NOT_PROFILED
    others = results.on_same_questions(known[0]) if known else ()
    found = next(deployed_pipelines(known[:1], space, profiles, others), None)
    return (
        f"It holds {sla.bound} to {capacity_words(capacity(found, STEADY, sla))}, predicted." if sla and found else ""
    )
