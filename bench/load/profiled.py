"""Systems with their profiles: what replicas and servers take in company, measured before any run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from bench.load.deployed import SPACES, OnePipeline
from bench.load.serving import HedgeAfter
from bench.load.systems import System
from tradespace.components.base import Call, Component
from tradespace.explorer.host import host_name
from tradespace.explorer.load.demand import DeployedPipeline, deploy
from tradespace.explorer.load.station_profiles import ProfiledServer, ProfiledStages, StationProfiles
from tradespace.explorer.profiling.records import ReplicaRecords
from tradespace.explorer.profiling.replica_profiler import ReplicaProfiler
from tradespace.explorer.profiling.server_profiler import ServerProfiler, ServerRecords, calls_of_servers
from tradespace.search_space.deployment import Deployment, Host, StageGroup
from tradespace.serving.served_study import ServedStudy, served_study

HERE = "here"
PROFILE_SECONDS = 20.0
"""That a group of stages, or the server of a model, is measured for, about."""


@dataclass(frozen=True)
class ProfiledSystem:
    """A system, explored and profiled."""

    system: System
    own: OnePipeline

    @property
    def deployment(self) -> Deployment:
        """Its groups, all on this machine, with a thread for each replica: threads that wait for each other at every
        step are held up by whatever else runs, such as the gateway and the generator of the load."""
        groups = tuple(replace(group, host=HERE) for group in self.system.groups)
        return Deployment(groups, (Host(HERE, cores=sum(group.replicas for group in groups)),))

    @property
    def deployed(self) -> DeployedPipeline:
        """As the study and the profiles know it."""
        replicas = tuple(each for group in self.deployment.groups for each in self._replica_profiles(group))
        profiles = StationProfiles(replicas, tuple(self._server_profiles()))
        return deploy(self.own.evaluation, self.deployment, profiles)

    @property
    def served(self) -> ServedStudy:
        """What its server is made of; nothing is hedged."""
        served = served_study(self.own.study, (self.own.pipeline,), self.deployment)
        return replace(served, hedges=HedgeAfter())

    def measure(self) -> None:
        """Measure the profiles that are missing."""
        own = self.own
        for group in self.deployment.groups:
            ReplicaProfiler.of_study(
                self._records(group), own.opened, own.questions, own.evaluation.seconds, PROFILE_SECONDS
            ).measure(group.batch, self.deployment.replicas(HERE))
        for model, calls in self._server_calls.items():
            records = ServerRecords(own.study.ledger, host_name(), model)
            ServerProfiler(records, own.opened, calls, own.pipeline, PROFILE_SECONDS).measure(self.system.slots)

    def _replica_profiles(self, group: StageGroup) -> Iterator[ProfiledStages]:
        if made := self._records(group).profiled(self.own.questions, self.own.evaluation.question_set):
            yield made

    def _server_profiles(self) -> Iterator[ProfiledServer]:
        for model in self._server_calls:
            profile = ServerRecords(self.own.study.ledger, host_name(), model).profile()
            for stage, component in self.own.pipeline.online.items():
                if profile and model in component.parts():
                    yield ProfiledServer(self.own.evaluation.stages[stage], profile)

    @cached_property
    def _server_calls(self) -> Mapping[Component, Mapping[str, Call]]:
        own = self.own
        return calls_of_servers(own.opened, own.study.ledger, own.pipeline, own.questions) if self.system.slots else {}

    def _records(self, group: StageGroup) -> ReplicaRecords:
        study = self.own.study
        key = study.manifest().provenance.data_key
        return ReplicaRecords(
            study.ledger, host_name(), key, self.own.pipeline, group.stages, self.deployment.threads(HERE)
        )


def profiled(system: System, folder: Path) -> ProfiledSystem:
    """Explore a system's space and measure its profiles, as far as that was not done."""
    own = OnePipeline(SPACES / f"{system.space}.yaml", folder)
    own.explore()
    made = ProfiledSystem(system, own)
    made.measure()
    return made
