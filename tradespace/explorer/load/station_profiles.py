"""What was measured of stages in company: in replicas that batch, and at servers with several calls at once."""

from __future__ import annotations

from dataclasses import dataclass

from tradespace.explorer.load.profiles import BatchProfile, SharingProfile
from tradespace.explorer.results import Evaluation, QuestionSet


@dataclass(frozen=True, slots=True)
class MeasuredQuestions:
    """What questions took in a replica, each in a batch of its own, as a pipeline hands them on.

    Attributes:
        pipeline: its notation.
        seconds: for each question of the set, in its order; None for those that were not measured.
    """

    pipeline: str
    question_set: QuestionSet
    seconds: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ProfiledStages:
    """Stages whose batches were measured in replicas, by the notations of their components."""

    components: tuple[str, ...]
    profile: BatchProfile
    measured: tuple[MeasuredQuestions, ...] = ()

    def is_like(self, components: tuple[str, ...]) -> bool:
        """Whether the components have the same names, in the same order."""
        return [each.partition("(")[0] for each in self.components] == [each.partition("(")[0] for each in components]


@dataclass(frozen=True, slots=True)
class ProfiledServer:
    """A stage whose server was measured with several calls at once, by the notation of its component."""

    component: str
    profile: SharingProfile


@dataclass(frozen=True, slots=True)
class StationProfiles:
    """What was measured of stages in company, on one host."""

    stages: tuple[ProfiledStages, ...] = ()
    servers: tuple[ProfiledServer, ...] = ()

    def of_batches(self, components: tuple[str, ...], threads: int) -> BatchProfile | None:
        """That of replicas with so many threads: of the same components, or else of the same with other settings, as a
        profile is relative to what they take alone; None where neither was measured."""
        alike = (each for each in self.stages if each.profile.threads == threads and each.is_like(components))
        found = self._in_replicas(components, threads) or next(alike, None)
        return found.profile if found else None

    def measured(self, components: tuple[str, ...], threads: int, of: Evaluation) -> tuple[float | None, ...]:
        """What the questions of an evaluation took in such a replica, each in a batch of its own, as far as they were
        measured."""
        found = self._in_replicas(components, threads)
        own = (
            each.seconds
            for each in (found.measured if found else ())
            if (each.pipeline, each.question_set) == (of.pipeline, of.question_set)
        )
        return next(own, ())

    def _in_replicas(self, components: tuple[str, ...], threads: int) -> ProfiledStages | None:
        found = (each for each in self.stages if each.components == components)
        return next((each for each in found if each.profile.threads == threads), None)

    def of_server(self, components: tuple[str, ...]) -> SharingProfile | None:
        """That of the first of some components with a server that was measured."""
        return next((each.profile for each in self.servers if each.component in components), None)


NOT_PROFILED = StationProfiles()
