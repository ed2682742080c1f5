"""Patient queues one after the other: each station is computed whole, from the entries that the one before leaves it.

Possible where nothing that happens at another station changes what a batch takes. Gives what `Simulation` gives, its
naive reference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import heapreplace
from itertools import accumulate, islice

import numpy as np

from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.load.patient import PatientRequests, PatientStation
from tradespace.explorer.load.stations import (
    Demand,
    OfferedRequests,
    ProviderStation,
    ReplicaStation,
    SimulatedRequests,
)


def independent(stations: Sequence[PatientStation]) -> bool:
    """Whether no station's replicas slow others: each has its host to itself, or takes as long in company."""
    on_host = Counter[str]()
    for station in stations:
        if isinstance(station, ReplicaStation):
            on_host[station.host] += station.replicas
    return all(
        isinstance(station, ProviderStation)
        or on_host[station.host] == 1
        or all(len(set(factors)) == 1 for factors in station.profile.factors)
        for station in stations
    )


def simulate_feed_forward(
    stations: Sequence[PatientStation], demand: Demand, offered: OfferedRequests, *, seed: int, scatter: bool
) -> SimulatedRequests:
    """As `simulate`, of patient stations that are independent."""
    requests = PatientRequests(stations, demand, offered, seed=seed, scatter=scatter)
    entered, order = offered.arrivals, np.arange(len(offered.arrivals))
    for position, station in enumerate(stations):
        started, ended, requests.busy[position] = _serve(
            station, entered, requests.occupied[order, position], requests.factors[position]
        )
        requests.entered[order, position] = entered
        requests.started[order, position] = started
        requests.ended[order, position] = ended
        order = _leaving(order[~requests.fails[order, position]], requests.ended[:, position])
        entered = requests.ended[order, position]
    return requests.simulated()


def _leaving(requests: Integers, ended: Floats) -> Integers:
    """In the order in which they end; those that end at once, in the order in which they were served."""
    return requests[np.argsort(ended[requests], kind="stable")]


def _serve(
    station: PatientStation, entered: Floats, alone: Floats, factors: Iterator[float]
) -> tuple[Floats, Floats, float]:
    """When each request begins and ends, in the order of entry, and the replica-seconds of all."""
    if isinstance(station, ProviderStation):
        return entered, entered + alone, float(alone.sum())
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
