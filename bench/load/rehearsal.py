"""What the server adds to a profile, and how fast the machine is now: measured before each run, under a light load and
with as many clients as keep it busy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice

import numpy as np

from bench.load.clients import TRADESPACE, ask_all
from bench.load.profiled import ProfiledSystem
from bench.load.programs import Program
from bench.load.serving import BATCHES, WORK, by_group
from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.arrivals import first_arrivals
from tradespace.explorer.load.bounds import highest_rates
from tradespace.explorer.load.demand import DeployedPipeline
from tradespace.explorer.load.simulation import simulate
from tradespace.explorer.load.stations import OfferedRequests, ReplicaStation, SharedStation, SimulatedRequests, Station
from tradespace.search_space.deployment import Load
from tradespace.serving.load_generator.generator import generate_load
from tradespace.types import Question

LIGHT, LIGHT_SECONDS, FEWEST_LIGHTLY = 0.4, 10.0, 30
"""Of the highest rate, for about so many seconds, and at least so many requests."""
TIMEOUT = 60.0
FEWEST_TOGETHER = 60
TOGETHER_SECONDS = 10.0
"""For about so long the server is asked by as many clients as keep it busy."""
IN_HAND = 3
"""Clients for each place in a batch of any station: some wait at the busiest, wherever the others are."""


@dataclass(frozen=True, eq=False)
class Rehearsed:
    """A profiled system as its server was seen to work.

    Attributes:
        deployed: with what the gateway takes between two batches, and with replicas as fast as beside it.
        outside: further seconds of requests, which keep no replica from work; as they were seen under a light load.
    """

    profiled: ProfiledSystem
    deployed: DeployedPipeline
    outside: Floats


def rehearsed(profiled: ProfiledSystem, server: Program) -> Rehearsed:
    """Ask the server under a light load, and then as fast as it answers, and hold that against the profile."""
    deployed, texts = profiled.deployed, [question.text for question in profiled.own.questions]
    rates = highest_rates(deployed.stations, deployed.demand)
    busiest, highest = int(np.argmin(rates)), float(rates.min())
    lightly = _outside(server, profiled.own.questions, LIGHT * highest)
    requests = max(FEWEST_TOGETHER, round(TOGETHER_SECONDS * highest))
    before = _counts(server, deployed)
    asked = ask_all(server.url, TRADESPACE, list(islice(cycle(texts), requests)), _clients(deployed.stations))
    work, batches = _counts(server, deployed) - before
    foretold = _all_at_once(deployed, requests)
    replicas = np.array([isinstance(station, ReplicaStation) for station in deployed.stations])
    comparable = replicas & (work > 0) & (foretold.busy > 0)  # calls of a server are counted otherwise
    slower = np.divide(work, foretold.busy, out=np.ones(len(work)), where=comparable)
    between = 0.0
    if isinstance(station := deployed.stations[busiest], ReplicaStation):
        between = max(0.0, (station.replicas * asked.wall - work[busiest]) / batches[busiest])
    else:
        slower[busiest] = asked.wall / foretold.seconds
    paused = tuple(_paused(each, between) for each in deployed.stations)
    outside = np.maximum(0.0, lightly - between * len(deployed.stations))
    made = replace(deployed.slowed(slower), stations=paused)
    return Rehearsed(profiled, made, outside)


def _outside(server: Program, questions: Sequence[Question], rate: float) -> Floats:
    """Seconds of requests that no queue and no replica accounts for, under a load of so many a second: gateway,
    generator and the way between them wake up from idling as they do in a run."""
    requests = max(FEWEST_LIGHTLY, round(LIGHT_SECONDS * rate))
    arrivals = first_arrivals(Load(rate), requests, seed=0)
    asked = list(islice(cycle(questions), requests))
    record = generate_load(server.url, arrivals.tolist(), asked, timeout=TIMEOUT)
    answered = [each for each in record.requests if each.answered]
    return np.array([each.latency - (each.queued or 0.0) - (each.served or 0.0) for each in answered])


def _clients(stations: Sequence[Station]) -> int:
    return IN_HAND * sum(map(_places, stations))


def _places(station: Station) -> int:
    """Requests that a station works on at once."""
    match station:
        case ReplicaStation():
            return station.replicas * station.batch
        case SharedStation():
            return station.servers * station.profile.slots
    return 1


def _counts(server: Program, deployed: DeployedPipeline) -> Floats:
    """Seconds of work and batches so far, of shape (2, stations)."""
    known: Sequence[dict[str, float]] = [by_group(server, name) for name in (WORK, BATCHES)]
    return np.array([[counts.get(name, 0.0) for name in deployed.names] for counts in known])


def _all_at_once(deployed: DeployedPipeline, requests: int) -> SimulatedRequests:
    """What the profile says of a server that always has something to do."""
    questions = np.arange(requests) % len(deployed.demand.seconds)
    return simulate(deployed.stations, deployed.demand, OfferedRequests(np.zeros(requests), questions))


def _paused(station: Station, between: float) -> Station:
    """A station whose replicas do nothing for a while after each batch."""
    if not isinstance(station, ReplicaStation):
        return station
    return replace(station, profile=replace(station.profile, start=station.profile.start + between))
