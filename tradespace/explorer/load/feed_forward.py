"""Patient queues one after the other: each station is computed whole, from the entries that the one before leaves it.

Possible where nothing that happens at another station changes what a batch or a call takes. Gives what
`simulate_by_events` gives, its naive reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapreplace
from itertools import accumulate, islice

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.agenda import Agenda
from tradespace.explorer.load.attempts import ServiceAttempt, StationDemand
from tradespace.explorer.load.patient import PatientRequests
from tradespace.explorer.load.shared_server import SharedServers
from tradespace.explorer.load.stations import ProviderStation, ReplicaStation, SharedStation


def serve_alone(requests: PatientRequests, position: int) -> None:
    """Let the requests pass one station."""
    entered, order = requests.entries(position), requests.order
    started, ended, requests.busy[position] = _serve(requests, position, entered)
    requests.entered[order, position] = entered
    requests.started[order, position] = started
    requests.ended[order, position] = ended
    requests.leave(range(position, position + 1))


def _serve(requests: PatientRequests, position: int, entered: Floats) -> tuple[Floats, Floats, float]:
    """When each request begins and ends, in the order of entry, and the replica-seconds of all."""
    station, alone, factors = (
        requests.stations[position],
        requests.occupied[requests.order, position],
        requests.factors[position],
    )
    match station:
        case ProviderStation():
            return entered, entered + alone, float(alone.sum())
        case SharedStation():
            demand = StationDemand(requests.demand, position, station)
            return _by_sharing(station, demand, requests.questions[requests.order].tolist(), entered, factors)
    if station.batch > 1:
        return _in_batches(station, entered, alone, factors)
    profile = station.profile
    seconds = (profile.start + profile.factor(1) * alone) * np.fromiter(islice(factors, len(alone)), float, len(alone))
    started = _by_one(entered, seconds) if station.replicas == 1 else _by_several(entered, seconds, station.replicas)
    return started, started + seconds, float(seconds.sum())


def _by_one(entered: Floats, seconds: Floats) -> Floats:
    """When each begins where one at a time is served.

    Each begins when it has entered and the one before has ended (Lindley 1952), which unrolls to a running maximum: the
    work of all before it, from the last moment at which none was left.
    """
    before = np.concatenate(([0.0], np.cumsum(seconds)))[:-1]
    return np.asarray(np.maximum(entered, before + np.maximum.accumulate(entered - before)))


def _by_several(entered: Floats, seconds: Floats, replicas: int) -> Floats:
    """When each begins where several are served at a time: the seconds at which replicas get free (Kiefer & Wolfowitz
    1955), of which the first counts."""
    free, started = [0.0] * replicas, []
    for enters, takes in zip(entered.tolist(), seconds.tolist(), strict=True):
        begins = max(enters, free[0])
        heapreplace(free, begins + takes)
        started.append(begins)
    return np.array(started)


def _in_batches(
    station: ReplicaStation, entered: Floats, alone: Floats, factors: Iterator[float]
) -> tuple[Floats, Floats, float]:
    """As `_serve`, batch after batch."""
    enters, work = entered.tolist(), [0.0, *accumulate(alone.tolist())]
    by_size = [row[0] for row in station.profile.factor_table(station.batch)]
    free, busy, first, count = [0.0] * station.replicas, 0.0, 0, len(enters)
    started, ended = [], []
    while first < count:
        begins, beyond = _next_batch(station, enters, first, free[0])
        size = beyond - first
        takes = (station.profile.start + by_size[size - 1] * (work[beyond] - work[first])) * next(factors)
        heapreplace(free, begins + takes)
        busy += takes
        started += [begins] * size
        ended += [begins + takes] * size
        first = beyond
    return np.array(started), np.array(ended), busy


def _next_batch(station: ReplicaStation, enters: list[float], first: int, free: float) -> tuple[float, int]:
    """When the batch whose first request is given begins, and which request is the first that it leaves."""
    full = first + station.batch
    filled = enters[full - 1] if full <= len(enters) else np.inf
    begins = max(free, min(enters[first] + station.wait, filled))
    beyond = first + 1
    while beyond < min(full, len(enters)) and enters[beyond] <= begins:
        beyond += 1
    return begins, beyond


def _by_sharing(
    station: SharedStation, demand: StationDemand, questions: list[int], entered: Floats, factors: Iterator[float]
) -> tuple[Floats, Floats, float]:
    """As `_serve`, event by event, as nobody knows better."""
    agenda, count = Agenda(), len(questions)
    servers = SharedServers(agenda, station, factors)
    ended, enters = np.zeros(count), entered.tolist()
    number: dict[ServiceAttempt, int] = {}

    def arrive() -> None:
        coming = len(number)
        if coming + 1 < count:
            agenda.at(enters[coming + 1], arrive)
        attempt = demand.attempt(questions[coming], 0, end)
        number[attempt] = coming
        servers.enter(attempt)

    def end(attempt: ServiceAttempt) -> None:
        ended[number[attempt]] = agenda.now

    if count:
        agenda.at(enters[0], arrive)
    agenda.finish()
    return np.array([attempt.started for attempt in number], dtype=np.float64), ended, servers.busy
