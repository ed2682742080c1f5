"""What no simulation of a deployment can be better than: found from means and sums, so that impossible deployments need
no simulation.

All bounds are of expectations: what single batches are off their profile is not in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from math import floor

import numpy as np

from tradespace.explorer.arrays import Flags, Floats
from tradespace.explorer.load.attempts import occupied_seconds
from tradespace.explorer.load.profiles import BatchProfile, SharingProfile
from tradespace.explorer.load.stations import Demand, ProviderStation, ReplicaStation, SharedStation, Station


def utilisations(stations: Sequence[Station], demand: Demand, rate: float) -> Floats:
    """Which share of its replicas' time each station works, at least, of shape (stations,); from 1 on it falls behind.

    Questions are asked equally often, and none is refused or given up while it queues. A provider's is 0.
    """
    return rate * np.array([_least_work(station, demand, position) for position, station in enumerate(stations)])


def highest_rates(stations: Sequence[Station], demand: Demand) -> Floats:
    """Requests a second that each station can answer in the long run, at most; infinite of a provider.

    Under more, its queue grows for ever, and while it does, all its replicas work: they slow each other as much as its
    profile says for as many.
    """
    return np.array([_highest_rate(station, demand, position) for position, station in enumerate(stations)])


def least_replicas(station: ReplicaStation | SharedStation, demand: Demand, position: int, rate: float) -> int:
    """How many replicas, or servers, it takes at least for a station to keep up with requests at this rate.

    More than were measured at once are taken to slow each other no more than those did.
    """
    if isinstance(station, SharedStation):
        return floor(rate * _least_work(replace(station, servers=1), demand, position)) + 1
    measured = station.profile.busy[-1]
    for replicas in range(1, measured):
        if _highest_rate(replace(station, replicas=replicas), demand, position) > rate:
            return replicas
    return max(measured, floor(rate * _least_batch_seconds(station, demand, position, measured)) + 1)


def least_latencies(stations: Sequence[Station], demand: Demand) -> Floats:
    """Seconds from arrival to answer of each question when nothing queues, at best, of shape (questions,).

    Their quantiles are lower bounds of those under any load at which questions are asked equally often.
    """
    seconds = [_least_seconds(station, demand, position) for position, station in enumerate(stations)]
    return np.asarray(np.sum(seconds, axis=0))


def _least_work(station: Station, demand: Demand, position: int) -> float:
    """The share of a second's replica time that one request a second takes, at least."""
    match station:
        case ProviderStation():
            return 0.0
        case SharedStation():
            return _asked(demand, position) / (station.servers * _best_speed(station.profile))
    return _least_batch_seconds(station, demand, position, busy=1) / station.replicas


def _highest_rate(station: Station, demand: Demand, position: int) -> float:
    if not isinstance(station, ReplicaStation):
        work = _least_work(station, demand, position)
        return 1 / work if work else float(np.inf)
    seconds = [_least_batch_seconds(station, demand, position, busy) for busy in range(1, station.replicas + 1)]
    return max(busy / each if each else float(np.inf) for busy, each in enumerate(seconds, start=1))


def _least_batch_seconds(station: ReplicaStation, demand: Demand, position: int, busy: int) -> float:
    """Replica-seconds for each offered request in the best batches, while at least so many replicas work."""
    asked, reaching = _asked(demand, position), float(_reaching(demand, position).mean())
    profile = station.profile
    return min(
        profile.start / size * reaching + _least_factor(profile, size, busy) * asked
        for size in range(1, station.batch + 1)
    )


@lru_cache(maxsize=4_096)
def _least_factor(profile: BatchProfile, size: int, busy: int = 1) -> float:
    """Between two measured numbers of busy replicas the factor is one of them or between."""
    return min(profile.factor(size, number) for number in (busy, *profile.busy) if number >= busy)


def _best_speed(profile: SharingProfile) -> float:
    """Alone seconds that a shared server gets done in a second, at most: it reads one prompt after the other, and
    writes for as many calls at once as is best."""
    factors = {running: profile.step_factor(running) for running in range(1, profile.slots + 1)}
    read, written = min(factors.values()), min(factor / running for running, factor in factors.items())
    return 1 / (profile.reading * read + (1 - profile.reading) * written)


def _reaching(demand: Demand, position: int) -> Flags:
    """Questions that fail at no station before."""
    return np.asarray(np.isfinite(demand.seconds[:, :position]).all(axis=1))


def _asked(demand: Demand, position: int) -> float:
    """Alone seconds of all calls at a station, in the mean over offered questions, as they are asked first."""
    seconds = occupied_seconds(demand.seconds[:, position])
    if position in demand.rounds:
        calls = [sum(map(sum, rounds)) for rounds in demand.rounds[position]]
        seconds = np.where(np.isfinite(demand.seconds[:, position]) & (np.array(calls) > 0), calls, seconds)
    return float((seconds * _reaching(demand, position)).mean())


def _least_seconds(station: Station, demand: Demand, position: int) -> Floats:
    """Of the first attempt, of a repeat or of the fallback, whichever may answer first; infinite where all fail."""
    policy, repeats = station.tail, demand.repeats.get(position)
    least = _answered(station, _longest_calls(demand, position), demand, position)
    if repeats is not None and (policy.retries or policy.hedge_after is not None):
        least = np.minimum(least, _answered(station, repeats.min(axis=1), demand, position))
    if policy.fallback and position in demand.fallbacks:
        least = np.minimum(least, demand.fallbacks[position])
    return least


def _longest_calls(demand: Demand, position: int) -> Floats:
    """Alone seconds of each question at a station: of several calls at once, the slowest."""
    alone = demand.seconds[:, position]
    if position not in demand.rounds:
        return alone
    rounds = [sum(max(calls, default=0.0) for calls in question) for question in demand.rounds[position]]
    return np.where(np.isfinite(alone) & (np.array(rounds) > 0), rounds, alone)


def _answered(station: Station, alone: Floats, demand: Demand, position: int) -> Floats:
    """Seconds until attempts that take so long alone are answered, at best."""
    match station:
        case ProviderStation():
            return alone
        case SharedStation(profile=profile):
            return alone * min(map(profile.step_factor, range(1, profile.slots + 1)))
    shortest = min(demand.seconds[:, position].min(), demand.repeats.get(position, alone).min())
    batches = [_batch_seconds(station, alone, shortest, size) for size in range(1, station.batch + 1)]
    return np.asarray(np.min(batches, axis=0))


def _batch_seconds(station: ReplicaStation, alone: Floats, shortest: float, size: int) -> Floats:
    """With the shortest company, and the wait of whoever has none."""
    wait = station.wait if size == 1 < station.batch else 0.0
    others = (size - 1) * shortest if size > 1 else 0.0
    return wait + station.profile.start + _least_factor(station.profile, size) * (alone + others)
