"""A deployed pipeline as stations, and what each question asks of them: from the seconds that its stages take alone.

All stations take the seconds of the same question: a long passage is slow to rerank and slow to read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import groupby

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.bounds import highest_rates, least_latencies
from tradespace.explorer.load.measured_questions import as_measured_questions
from tradespace.explorer.load.profiles import ALONE, SharingProfile
from tradespace.explorer.load.station_profiles import NOT_PROFILED, StationProfiles
from tradespace.explorer.load.stations import (
    Demand,
    ProviderStation,
    ReplicaStation,
    SharedStation,
    Station,
)
from tradespace.explorer.results import CallRounds, Evaluation
from tradespace.search_space.deployment import Deployment, StageGroup
from tradespace.search_space.deployment.space import deployed


class AnsweredBy(StrEnum):
    """Who answers a stage: the process that it runs in, or a server that this asks."""

    REPLICAS = "replicas"
    OWN_SERVER = "own server"
    PROVIDER = "provider"


@dataclass(frozen=True, eq=False)
class DeployedPipeline:
    """A pipeline in a deployment, ready to be simulated.

    Attributes:
        evaluation: the pipeline, on the questions that are asked.
        stations: in the order in which a request visits them.
        demand: what each question asks of each station.
        call_usd: dollars of the calls that a visit makes of a provider, of shape (questions, stations); NaN where they
            are not known.
        fallbacks: by position of a station whose tail policy names a fallback, the pipeline with that in the place of
            its last stage, where it was evaluated.
        unprofiled: names of the stations with batches, several replicas or a server of one's own, of which was measured
            only what a request takes alone.
    """

    evaluation: Evaluation
    deployment: Deployment
    stations: tuple[Station, ...]
    demand: Demand
    call_usd: Floats
    fallbacks: Mapping[int, Evaluation] = field(default_factory=dict)
    unprofiled: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Of the stations."""
        return tuple(station.name for station in self.stations)

    @cached_property
    def highest_rate(self) -> float:
        """Requests a second that it can answer in the long run, at most."""
        return float(highest_rates(self.stations, self.demand).min())

    @cached_property
    def least_latencies(self) -> Floats:
        """Seconds of each question when nothing queues, at best, of shape (questions,)."""
        return least_latencies(self.stations, self.demand)

    def slowed(self, factors: Floats) -> DeployedPipeline:
        """The same with seconds so many times as long, of shape (stations,)."""
        demand = self.demand
        rounds = {
            place: tuple(_slowed_rounds(each, float(factors[place])) for each in of_questions)
            for place, of_questions in demand.rounds.items()
        }
        repeats = {place: table * factors[place] for place, table in demand.repeats.items()}
        fallbacks = {place: table * factors[place] for place, table in demand.fallbacks.items()}
        return replace(self, demand=Demand(demand.seconds * factors, rounds, repeats, fallbacks))


def _slowed_rounds(rounds: CallRounds, factor: float) -> CallRounds:
    return tuple(tuple(seconds * factor for seconds in calls) for calls in rounds)


def deploy(
    evaluation: Evaluation,
    deployment: Deployment,
    profiles: StationProfiles = NOT_PROFILED,
    others: Mapping[frozenset[tuple[str, str]], Evaluation] | None = None,
) -> DeployedPipeline:
    """Put a pipeline into a deployment, as far as that is about its stages.

    A group of stages of which a server answers some is divided: what the server answers is a station of its own.
    Seconds are those of the stages timed alone; where the pipeline was run from end to end, and the station was not
    profiled, they are corrected by what those runs took beside their composed seconds. Where questions were measured in
    a replica, the profile foretells for a batch of one what was measured.

    Args:
        evaluation: the pipeline, timed.
        deployment: of its stages, and maybe of others.
        profiles: what was measured of stages in company.
        others: pipelines on the same questions that may be fallbacks, as `by_stages` finds them.

    Raises:
        ValueError: its stages were not timed.
    """
    if not any(evaluation.seconds.values()):
        raise ValueError(f"{evaluation.pipeline} has no timings to foretell a load from")
    fitted = deployed(deployment, tuple(evaluation.seconds))
    parts = [part for group in fitted.groups for part in _parts(group, evaluation)]
    fallbacks = _fallbacks(parts, evaluation, others or {})
    correction = end_to_end_ratio(evaluation)
    built = [_station(part, evaluation, profiles, fitted) for part in parts]
    corrections = np.array([1.0 if profiled else correction for _, profiled in built])
    seconds = np.stack([_seconds(evaluation, part.group.stages) for part in parts], axis=1) * corrections
    seconds = as_measured_questions(seconds, _measured(parts, evaluation, profiles, fitted))
    return DeployedPipeline(
        evaluation=evaluation,
        deployment=fitted,
        stations=tuple(station for station, _ in built),
        demand=Demand(
            seconds,
            rounds={
                place: tuple(map(_rounds, zip(*calls, strict=True)))
                for place, part in enumerate(parts)
                if (calls := [evaluation.server_calls[s] for s in part.group.stages if s in evaluation.server_calls])
            },
            repeats={
                place: np.sum([_repeats(evaluation, each) for each in part.group.stages], axis=0) * corrections[place]
                for place, part in enumerate(parts)
                if any(stage in evaluation.repeats for stage in part.group.stages)
            },
            fallbacks={place: _seconds(other, parts[place].group.stages[-1:]) for place, other in fallbacks.items()},
        ),
        call_usd=np.stack([_call_usd(evaluation, part) for part in parts], axis=1),
        fallbacks=fallbacks,
        unprofiled=tuple(station.name for station, profiled in built if not profiled and _in_company(station)),
    )


def independent_stations(demand: Demand, seed: int = 0) -> Demand:
    """The same seconds at each station, but of questions of its own: what is assumed by whoever samples stages apart.

    For an ablation alone: the mean load stays, and the tail loses what makes one question slow at several stations.
    """
    generator = np.random.default_rng(seed)
    rows = [generator.permutation(len(demand.seconds)) for _ in range(demand.seconds.shape[1])]
    return Demand(
        np.stack([demand.seconds[own, place] for place, own in enumerate(rows)], axis=1),
        {place: tuple(table[row] for row in rows[place].tolist()) for place, table in demand.rounds.items()},
        {place: table[rows[place]] for place, table in demand.repeats.items()},
        {place: table[rows[place]] for place, table in demand.fallbacks.items()},
    )


def by_stages(evaluations: Iterable[Evaluation]) -> dict[frozenset[tuple[str, str]], Evaluation]:
    """Evaluations by the components of their stages."""
    return {frozenset(evaluation.stages.items()): evaluation for evaluation in evaluations}


@dataclass(frozen=True, slots=True)
class _Part:
    """Stages of a group that the same kind of station answers."""

    group: StageGroup
    answered_by: AnsweredBy


def _parts(group: StageGroup, evaluation: Evaluation) -> list[_Part]:
    """The stages of a group that the pipeline has, those next to each other together that are answered alike."""
    stages = [stage for stage in group.stages if stage in evaluation.seconds]
    return [
        _Part(replace(group, stages=tuple(some)), whose)
        for whose, some in groupby(stages, key=lambda stage: answered_by(evaluation, stage))
    ]


def answered_by(evaluation: Evaluation, stage: str) -> AnsweredBy:
    """Who answers a stage: what asks a server of one's own waits for that, and what was timed as it was made is a
    provider's."""
    if stage in evaluation.server_calls:
        return AnsweredBy.OWN_SERVER
    return AnsweredBy.PROVIDER if stage in evaluation.conditions.as_made else AnsweredBy.REPLICAS


def _fallbacks(
    parts: Sequence[_Part], evaluation: Evaluation, others: Mapping[frozenset[tuple[str, str]], Evaluation]
) -> dict[int, Evaluation]:
    known = {}
    for place, part in enumerate(parts):
        if notation := part.group.tail.fallback:
            stages = {**evaluation.stages, part.group.stages[-1]: notation}
            if other := others.get(frozenset(stages.items())):
                known[place] = other
    return known


def _station(
    part: _Part, evaluation: Evaluation, profiles: StationProfiles, deployment: Deployment
) -> tuple[Station, bool]:
    """A station, and whether it was measured in company."""
    group = part.group
    threads = _threads(group, deployment)
    components = tuple(evaluation.stages[stage] for stage in group.stages)
    if part.answered_by is AnsweredBy.PROVIDER:
        return ProviderStation(group.name, group.tail), True
    if part.answered_by is AnsweredBy.OWN_SERVER:
        sharing = profiles.of_server(components)
        return SharedStation(group.name, sharing or SharingProfile(), group.replicas, group.tail), sharing is not None
    profile = profiles.of_batches(components, threads)
    machines = deployment.machines.get(group.host, 1)
    spread = (profile or ALONE).spread_over(machines)
    station = ReplicaStation(group.name, group.replicas, group.batch, group.wait, spread, group.tail, host=group.host)
    return station, profile is not None


def _measured(
    parts: Sequence[_Part], evaluation: Evaluation, profiles: StationProfiles, deployment: Deployment
) -> dict[int, Floats]:
    """By position of a station, the seconds alone of which the profile foretells what questions took in a replica; NaN
    where that was not measured."""
    known = {}
    for place, part in enumerate(parts):
        threads = _threads(part.group, deployment)
        components = tuple(evaluation.stages[stage] for stage in part.group.stages)
        profile = profiles.of_batches(components, threads)
        taken = profiles.measured(components, threads, evaluation)
        if part.answered_by is AnsweredBy.REPLICAS and profile and taken:
            known[place] = profile.alone_in(np.array(taken, dtype=np.float64))
    return known


def _threads(group: StageGroup, deployment: Deployment) -> int:
    return deployment.threads(group.host) if deployment.hosts else 1


def _in_company(station: Station) -> bool:
    if isinstance(station, ReplicaStation):
        return station.replicas > 1 or station.batch > 1
    return isinstance(station, SharedStation)


def _seconds(evaluation: Evaluation, stages: Sequence[str]) -> Floats:
    """What each question takes in some stages, one after the other; infinite where it failed."""
    rows = [[math.inf if value is None else value for value in evaluation.seconds[stage]] for stage in stages]
    return np.asarray(np.array(rows, dtype=np.float64).sum(axis=0))


def _repeats(evaluation: Evaluation, stage: str) -> Floats:
    """What each question takes in a stage when it is asked again, of shape (questions, repeats); infinite where it
    failed. Where one time is known alone, it takes that again."""
    alone = _seconds(evaluation, (stage,))
    known = evaluation.repeats.get(stage, (None,) * len(alone))
    count = max(len(each) for row in evaluation.repeats.values() for each in row if each)
    return np.array([again or (seconds,) * count for seconds, again in zip(alone.tolist(), known, strict=True)])


def _call_usd(evaluation: Evaluation, part: _Part) -> Floats:
    """Dollars of the calls of a provider; a server of one's own is paid by its host's hour."""
    questions = len(next(iter(evaluation.seconds.values())))
    if part.answered_by is not AnsweredBy.PROVIDER:
        return np.zeros(questions)
    rows = [_usd(evaluation, stage, questions) for stage in part.group.stages]
    return np.asarray(np.array(rows, dtype=np.float64).sum(axis=0))


def _rounds(stages: Sequence[CallRounds | None]) -> CallRounds:
    """The calls of some stages, one after the other; none where they are not known: one call is made then."""
    return () if None in stages else tuple(calls for rounds in stages for calls in rounds or ())


def _usd(evaluation: Evaluation, stage: str, questions: int) -> list[float]:
    used = evaluation.usage.get(stage, (None,) * questions)
    return [math.nan if each is None or each.usd is None else each.usd for each in used]


def end_to_end_ratio(evaluation: Evaluation) -> float:
    """How many times their composed seconds the questions took that were run from end to end, in the median; 1 where
    none was."""
    composed = _seconds(evaluation, tuple(evaluation.seconds))
    pairs = [
        (measured, float(alone))
        for measured, alone in zip(evaluation.end_to_end, composed, strict=False)
        if measured is not None and math.isfinite(alone) and alone > 0
    ]
    return float(np.median([measured / alone for measured, alone in pairs])) if pairs else 1.0
