"""Profiles of a study's finalists in replicas, for the deployments that it explores."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from tradespace.components.notation import parse
from tradespace.components.threads import cores
from tradespace.errors import ComponentError, ReplicaLostError
from tradespace.explorer.load.demand import AnsweredBy, answered_by
from tradespace.explorer.load.station_profiles import ProfiledServer, ProfiledStages, StationProfiles
from tradespace.explorer.profiling.records import ReplicaRecords
from tradespace.explorer.profiling.replica_profiler import ReplicaProfiler
from tradespace.explorer.profiling.study_servers import StudyServers
from tradespace.explorer.progress import Progress
from tradespace.explorer.results import Evaluation
from tradespace.explorer.running.budget import Budget
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.storage.base import Ledger
from tradespace.plurals import agreeing
from tradespace.search_space.deployment import Deployment
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.types import Question
from tradespace.undisturbed import undisturbed

MOST_SECONDS, SECONDS_EACH, FEWEST_SECONDS = 120.0, 10.0, 2.0
"""That profiling may take, all of it and for each group of stages; with less than the last it says little."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Stages of a pipeline in replicas of so many threads, in batches up to a size, so many replicas at once."""

    evaluation: Evaluation
    stages: tuple[str, ...]
    threads: int
    batch: int
    busy: int

    @property
    def components(self) -> tuple[str, ...]:
        return tuple(self.evaluation.stages[stage] for stage in self.stages)


@dataclass(frozen=True)
class StudyProfiling:
    """Measures what deployments need, and reads it back.

    Attributes:
        data: the key of the data set.
        questions: those that the evaluations asked, in order.
    """

    ledger: Ledger
    host: str
    data: str
    opened_components: OpenedComponents
    questions: Sequence[Question]
    budget: Budget
    progress: Progress

    def run(self, evaluations: Sequence[Evaluation], space: DeploymentSpace) -> StationProfiles:
        """Measure the groups of stages that these pipelines are deployed in, and say how many there was no time for."""
        wanted = _wanted(evaluations, space)
        left = self.budget.seconds_left
        end = time.monotonic() + (MOST_SECONDS if left is None else min(MOST_SECONDS, left))
        skipped = 0
        for place, each in enumerate(wanted):
            seconds = min(SECONDS_EACH, (end - time.monotonic()) / (len(wanted) - place))
            if seconds < FEWEST_SECONDS:
                skipped += 1
            else:
                self._measure(each, seconds)
        if skipped:
            what = agreeing(skipped, "group of stages was", "groups of stages were")
            self.progress.warn([f"{what} not measured in replicas, as there was no time. Explore again to go on"])
        return StationProfiles(tuple(self._profiles(wanted)), self._servers(evaluations, end - time.monotonic()))

    def _servers(self, evaluations: Sequence[Evaluation], seconds: float) -> tuple[ProfiledServer, ...]:
        """Measure the servers of one's own that are asked, too."""
        servers = StudyServers(self.ledger, self.host, self.opened_components, self.questions, evaluations)
        if seconds >= FEWEST_SECONDS:
            self.progress.working("measuring servers with several calls at once")
            try:
                with undisturbed():
                    servers.measure(seconds)
            except ComponentError as error:
                self.progress.warn([f"A server could not be measured with several calls at once: {error}"])
        return servers.profiles()

    def _measure(self, wanted: _Wanted, seconds: float) -> None:
        self.progress.working(f"measuring {' >> '.join(wanted.components)}")
        try:
            profiler = ReplicaProfiler.of_study(
                self._records(wanted),
                self.opened_components,
                self.questions[: len(wanted.evaluation.seconds[wanted.stages[0]])],
                wanted.evaluation.seconds,
                seconds,
            )
            with undisturbed():
                profiler.measure(wanted.batch, wanted.busy)
        except (ComponentError, ReplicaLostError) as error:
            self.progress.warn([f"{' >> '.join(wanted.components)} could not be measured in replicas: {error}"])

    def _records(self, wanted: _Wanted) -> ReplicaRecords:
        pipeline = parse(wanted.evaluation.pipeline)
        return ReplicaRecords(self.ledger, self.host, self.data, pipeline, wanted.stages, wanted.threads)

    def _profiles(self, wanted: Sequence[_Wanted]) -> Iterator[ProfiledStages]:
        for each in wanted:
            asked = self.questions[: len(each.evaluation.seconds[each.stages[0]])]
            if profiled := self._records(each).profiled(asked, each.evaluation.question_set):
                yield profiled


def _wanted(evaluations: Sequence[Evaluation], space: DeploymentSpace) -> list[_Wanted]:
    """The distinct groups of components, each with the largest batch and the most replicas that a deployment has."""
    largest: dict[tuple[tuple[str, ...], int], _Wanted] = {}
    for evaluation in evaluations:
        for deployment in space.deployments_of(tuple(evaluation.seconds)):
            for each in _of_deployment(evaluation, deployment):
                key = (each.components, each.threads)
                known = largest.get(key, each)
                batch, busy = max(known.batch, each.batch), max(known.busy, each.busy)
                largest[key] = _Wanted(known.evaluation, known.stages, known.threads, batch, busy)
    return list(largest.values())


def _of_deployment(evaluation: Evaluation, deployment: Deployment) -> Iterator[_Wanted]:
    for group in deployment.groups:
        if all(answered_by(evaluation, stage) is AnsweredBy.REPLICAS for stage in group.stages):
            on_one = ceil(deployment.replicas(group.host) / max(1, deployment.machines.get(group.host, 1)))
            busy = min(on_one, 2 * cores())
            yield _Wanted(evaluation, group.stages, deployment.threads(group.host), group.batch, busy)
