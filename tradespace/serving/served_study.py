"""What of a study is served: its pipelines, its documents, and how they are deployed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from tradespace.components.base import Pipeline
from tradespace.components.roles import STAGES
from tradespace.components.threads import cores
from tradespace.components.trust import Trust
from tradespace.explorer.files import read_data, specification_of
from tradespace.explorer.running.replicas import ReplicaSetup
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.deployment import Deployment, Host, StageGroup
from tradespace.search_space.deployment.section import THIS_MACHINE
from tradespace.search_space.deployment.space import deployed
from tradespace.serving.dispatcher import Hedges, ServingConfiguration
from tradespace.serving.hedges import StudyHedges
from tradespace.serving.workers import asks_a_server

SERVERS = Host("a server")
"""Where stages are answered whose calls servers answer: they take none of our cores."""


@dataclass(frozen=True)
class ServedStudy:
    """What a server is made of.

    Attributes:
        name: of the study.
        setup: of its replicas, with all pipelines that they hold.
        configuration: that it begins with.
        hedges: after how many seconds a group is asked again.
    """

    name: str
    setup: ReplicaSetup
    configuration: ServingConfiguration
    hedges: Hedges


def served_study(
    study: StudyFolder, pipelines: Sequence[Pipeline], deployment: Deployment, allowed: Collection[Trust] = ()
) -> ServedStudy:
    """Serve the first of some pipelines of a study, in replicas that hold all of them.

    Raises:
        InputError: the study's data cannot be read or need a trust that is not among those allowed, or the deployment
            hedges a pipeline that was not timed.
    """
    documents = tuple(read_data(specification_of(study), allowed).dataset.documents)
    setup = ReplicaSetup(documents, study.artefacts, tuple(pipelines), stages=())
    whole = _apart(deployed(deployment, online_stages(pipelines)), pipelines)
    hedges = StudyHedges.of(study, pipelines)
    for pipeline in pipelines:
        for group in whole.groups:
            hedges(pipeline, group)
    return ServedStudy(study.manifest().name, setup, ServingConfiguration(pipelines[0], whole), hedges)


def online_stages(pipelines: Iterable[Pipeline]) -> list[str]:
    """The names of all stages that work when a question arrives, in the order of a pipeline."""
    roles = {name: component.role for pipeline in pipelines for name, component in pipeline.online.items()}
    return sorted(roles, key=lambda name: (STAGES.index(roles[name]), len(name), name))


def whole_in_replicas(pipelines: Iterable[Pipeline], replicas: int) -> Deployment:
    """All stages together in each of some replicas, on this machine."""
    group = StageGroup(tuple(online_stages(pipelines)), replicas=replicas, host=THIS_MACHINE)
    return Deployment((group,), (Host(THIS_MACHINE, cores=cores()),))


def _apart(deployment: Deployment, pipelines: Sequence[Pipeline]) -> Deployment:
    """The same, with stages that servers answer in groups of their own: a process that waits for them serves nobody."""

    def elsewhere(stage: str) -> bool:
        return all(asks_a_server(each.online[stage]) for each in pipelines if stage in each.online)

    groups = [
        replace(group, stages=tuple(stages), host=SERVERS.name if served else group.host)
        for group in deployment.groups
        for served, stages in groupby(group.stages, key=elsewhere)
    ]
    return Deployment(tuple(groups), (*deployment.hosts, SERVERS))
