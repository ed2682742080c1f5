"""Runs of a deployed pipeline under a load, each with questions, arrivals and errors of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.demand import DeployedPipeline
from tradespace.explorer.load.simulation import simulate
from tradespace.explorer.load.stations import (
    OfferedRequests,
    ReplicaStation,
    SharedStation,
    SimulatedRequests,
    Station,
)
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.results import QuestionSet

REQUESTS_OF_A_RUN = 1_500
LOAD_REPLICATES = 20
INTERVAL_DEVIATIONS = 1.729
"""Standard deviations on either side of an interval of 90 %: Student's t of 20 replicates."""
TIMING_ERRORS = {QuestionSet.EXPLORE: 0.05, QuestionSet.CONFIRM: 0.025}
"""Standard errors of timings as shares: stages are timed until a figure is within 10 % and 5 % in 95 % of the cases."""


@dataclass(frozen=True)
class SimulatedRun:
    """Requests that were offered to a deployed pipeline, so many a second in the mean, and what became of them."""

    deployed: DeployedPipeline
    rate: float
    offered: OfferedRequests
    outcome: SimulatedRequests


@dataclass(frozen=True)
class Replicate:
    """A deployed pipeline as it may be, and the requests that it may get, at one a second in the mean."""

    deployed: DeployedPipeline
    offered: OfferedRequests
    seed: int

    def at(self, rate: float) -> SimulatedRun:
        """Simulated with the same requests, so many a second."""
        offered = OfferedRequests(self.offered.arrivals / rate, self.offered.questions)
        outcome = simulate(self.deployed.stations, self.deployed.demand, offered, seed=self.seed)
        return SimulatedRun(self.deployed, rate, offered, outcome)


def as_measured(
    deployed: DeployedPipeline, traffic: Traffic, requests: int, seed: int = 0, *, whole_trace: bool = True
) -> Replicate:
    """The deployed pipeline as it was measured, asked all questions alike; more requests where a trace has more."""
    generator = np.random.default_rng(seed)
    requests = traffic.at_least(requests) if whole_trace else requests
    questions = generator.integers(len(deployed.demand.seconds), size=requests)
    return Replicate(deployed, OfferedRequests(traffic.unit_arrivals(requests, seed), questions), seed)


def draw_replicates(
    deployed: DeployedPipeline, traffic: Traffic, requests: int, count: int = LOAD_REPLICATES, seed: int = 0
) -> Iterator[Replicate]:
    """Draw replicates: questions are resampled, arrivals independent, and timings and profiles off by as much as they
    may be."""
    asked = len(deployed.demand.seconds)
    for number in range(1, count + 1):
        generator = np.random.default_rng((seed, number))
        resampled = generator.integers(asked, size=asked)
        questions = resampled[generator.integers(asked, size=requests)]
        arrivals = traffic.unit_arrivals(requests, seed + number)
        slowed = deployed.slowed(_errors(deployed, generator))
        yield Replicate(slowed, OfferedRequests(arrivals, questions), seed + number)


def _errors(deployed: DeployedPipeline, generator: np.random.Generator) -> Floats:
    """By what factor each station may be slower than it was measured: timings err together, profiles each apart."""
    timing = TIMING_ERRORS[deployed.evaluation.question_set] * generator.standard_normal()
    profiles = np.array([profile_error(station) for station in deployed.stations])
    return np.exp(timing + profiles * generator.standard_normal(len(profiles)))


def profile_error(station: Station) -> float:
    """The standard error of what is foretold of a station in the mean, as a share: that of one batch, or call, over the
    root of how many kinds were measured."""
    match station:
        case SharedStation(profile=sharing):
            return sharing.error / math.sqrt(len(sharing.running))
        case ReplicaStation(profile=profile):
            return max(profile.error, profile.scatter) / math.sqrt(len(profile.sizes) * len(profile.busy))
    return 0.0
