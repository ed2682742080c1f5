"""Plain queues one after the other: each station is computed whole, from the entries that the one before leaves it.

Possible where nothing that happens later, or at another station, changes what a batch takes: no tail policy, no bounded
queue, no shared server, and no replicas that slow each other. Gives what `Simulation` gives, its naive reference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heapreplace
from itertools import accumulate, islice
from typing import TypeGuard

import numpy as np

from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.load.attempts import occupied_seconds, scatter_factors
from tradespace.explorer.load.stations import (
    Demand,
    OfferedRequests,
    ProviderStation,
    ReplicaStation,
    SimulatedRequests,
    Station,
)
from tradespace.search_space.deployment import PATIENT

PlainStation = ReplicaStation | ProviderStation


def plain_stations(stations: Sequence[Station]) -> tuple[PlainStation, ...] | None:
    """The stations, if each can be computed by itself; otherwise None."""
    on_host: dict[str, int] = {}
    for station in stations:
        if isinstance(station, ReplicaStation):
            on_host[station.host] = on_host.get(station.host, 0) + station.replicas
    plain = tuple(station for station in stations if _is_plain(station, on_host))
    return plain if len(plain) == len(stations) else None


def _is_plain(station: Station, on_host: dict[str, int]) -> TypeGuard[PlainStation]:
    match station:
        case ReplicaStation(profile=profile, tail=tail, capacity=None):
            alone = on_host[station.host] == 1 or all(len(set(factors)) == 1 for factors in profile.factors)
            return alone and tail == PATIENT
        case ProviderStation(tail=tail):
            return tail == PATIENT
    return False


def simulate_plain(
    stations: Sequence[PlainStation], demand: Demand, offered: OfferedRequests, *, seed: int, scatter: bool
) -> SimulatedRequests:
    """As `simulate`, of stations that are plain."""
    requests = len(offered.arrivals)
    queued, served = np.zeros((requests, len(stations))), np.zeros((requests, len(stations)))
    now, order, busy = offered.arrivals.astype(np.float64), np.arange(requests), np.zeros(len(stations))
    last_end = now[0] if requests else 0.0
    for position, station in enumerate(stations):
        alone = demand.seconds[offered.questions[order], position]
        occupied = np.where(np.isfinite(alone), alone, _failing_seconds(demand, position))
        factors = scatter_factors(_error(station) if scatter else 0.0, (seed, position))
        started, ended, busy[position] = _serve(station, now[order], occupied, factors)
        served[order, position] = np.where(np.isfinite(alone), ended - started, 0.0)
        queued[order, position] = np.maximum(0.0, ended - now[order] - served[order, position])
        now[order] = ended
        last_end = max(last_end, ended.max(initial=0.0))
        order = _leaving(order[np.isfinite(alone)], now)
    latency = np.full(requests, np.inf)
    latency[order] = now[order] - offered.arrivals[order]
    seconds = last_end - offered.arrivals[0] if requests else 0.0
    return SimulatedRequests(latency, queued, served, np.zeros(served.shape, dtype=np.bool_), busy, float(seconds))


def _failing_seconds(demand: Demand, position: int) -> float:
    return float(occupied_seconds(np.append(demand.seconds[:, position], np.inf))[-1])


def _error(station: PlainStation) -> float:
    return station.profile.error if isinstance(station, ReplicaStation) else 0.0


def _leaving(requests: Integers, ended: Floats) -> Integers:
    """In the order in which they end; those that end at once, in the order in which they were served."""
    return requests[np.argsort(ended[requests], kind="stable")]


def _serve(
    station: PlainStation, entered: Floats, alone: Floats, factors: Iterator[float]
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
    by_size = [station.profile.factor(size) for size in range(1, station.batch + 1)]
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
