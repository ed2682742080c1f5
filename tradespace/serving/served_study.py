"""What of a study is served: its pipeline, its documents, and how that is deployed."""

from __future__ import annotations

import os
from dataclasses import dataclass

from tradespace.components.base import Pipeline
from tradespace.explorer.files import read_data, specification_of
from tradespace.explorer.running.replicas import ReplicaSetup
from tradespace.explorer.storage.study import Study
from tradespace.search_space.deployment import Deployment, Host, StageGroup
from tradespace.serving.dispatcher import Hedges, ServingConfiguration, no_hedges

THIS_HOST = "here"


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
    hedges: Hedges = no_hedges


def served_study(study: Study, pipelines: tuple[Pipeline, ...], deployment: Deployment) -> ServedStudy:
    """Serve the first of some pipelines of a study; the replicas hold all of them.

    Raises:
        InputError: the study's data cannot be read.
    """
    documents = tuple(read_data(specification_of(study)).dataset.documents)
    setup = ReplicaSetup(documents, study.artefacts, pipelines, stages=())
    return ServedStudy(study.manifest().name, setup, ServingConfiguration(pipelines[0], deployment))


def in_one_process(pipeline: Pipeline, replicas: int) -> Deployment:
    """All stages together in each of some replicas, on this machine."""
    group = StageGroup(tuple(pipeline.online), replicas=replicas, host=THIS_HOST)
    return Deployment((group,), (Host(THIS_HOST, cores=len(os.sched_getaffinity(0))),))
