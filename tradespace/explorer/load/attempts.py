"""One attempt of a request to be answered by a station: what queues, is served, and answers or fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.stations import Demand, ReplicaStation, RoundsOfCalls, SharedStation, Station

_DRAWN_AT_ONCE = 1024


class ServiceAttempt:
    """What a server of a station is asked. A hedge and a retry ask again.

    Attributes:
        seconds: that it takes alone.
        rounds: the calls that make them up, at a shared server.
        fails: whether it fails at its end.
        ended: is called when its service has ended.
        entered: the second in which it joined the queue of replicas.
        started: the second in which its service began; None before.
    """

    __slots__ = ("ended", "entered", "fails", "rounds", "seconds", "started")

    def __init__(
        self, seconds: float, rounds: RoundsOfCalls, fails: bool, ended: Callable[[ServiceAttempt], None]
    ) -> None:
        self.seconds = seconds
        self.rounds = rounds
        self.fails = fails
        self.ended = ended
        self.entered = np.nan
        self.started: float | None = None


class StationServer(Protocol):
    """What runs at a station: takes attempts, and ends them.

    Attributes:
        last_end: the second in which the last work so far ended.
    """

    last_end: float

    @property
    def busy(self) -> float:
        """Replica-seconds of work so far."""
        ...

    def enter(self, attempt: ServiceAttempt) -> bool:
        """Take an attempt into the queue; False if it is refused."""
        ...

    def withdraw(self, attempt: ServiceAttempt) -> None:
        """Take an attempt out of the queue that nobody waits for any more; what runs, runs on."""
        ...


def occupied_seconds(alone: Floats) -> Floats:
    """How long attempts occupy a station that take so long alone: those that fail, the median of the others."""
    finite = np.isfinite(alone)
    return np.where(finite, alone, np.median(alone[finite]) if finite.any() else 0.0)


class StationDemand:
    """What the questions ask of one station, and what asking again takes."""

    def __init__(self, demand: Demand, position: int, station: Station) -> None:
        alone = demand.seconds[:, position]
        finite = alone[np.isfinite(alone)]
        hedge_after = station.tail.hedge_after
        self._seconds: list[float] = alone.tolist()
        self._failing_seconds = float(occupied_seconds(np.append(alone, np.inf))[-1])
        self._rounds = [tuple(filter(None, rounds)) for rounds in demand.rounds.get(position, ())]
        self._repeats: list[list[float]] | None = (
            demand.repeats[position].tolist() if position in demand.repeats else None
        )
        self._fallbacks: Floats | None = demand.fallbacks.get(position) if station.tail.fallback else None
        if station.tail.fallback and self._fallbacks is None:
            raise ValueError(
                f"{station.name} falls back to {station.tail.fallback}, whose seconds the demand must hold"
            )
        self.hedge_seconds = (
            float(np.quantile(finite, hedge_after)) if hedge_after is not None and len(finite) else np.inf
        )

    def attempt(self, question: int, asked_before: int, ended: Callable[[ServiceAttempt], None]) -> ServiceAttempt:
        """What the first asking takes; or, asked before, a further one."""
        again = self._repeats[question] if self._repeats is not None and asked_before > 0 else []
        seconds = again[(asked_before - 1) % len(again)] if again else self._seconds[question]
        if seconds == np.inf:
            return ServiceAttempt(self._failing_seconds, ((self._failing_seconds,),), True, ended)
        rounds = self._rounds[question] if self._rounds and not again else ()
        return ServiceAttempt(seconds, rounds or ((seconds,),), False, ended)

    def fallback_seconds(self, question: int) -> float:
        """What the fallback takes; infinite where there is none, or it fails."""
        return np.inf if self._fallbacks is None else float(self._fallbacks[question])


def station_scatter(station: Station) -> float:
    """How far batches or calls scatter about the station's profile. Requests that are served one by one do not: the
    questions' seconds, which were measured or foretold with what models are off, hold their scatter already."""
    match station:
        case ReplicaStation(batch=batch, profile=profile):
            return profile.scatter if batch > 1 else 0.0
        case SharedStation(profile=sharing):
            return sharing.error
    return 0.0


def scatter_factors(deviation: float, seed: tuple[int, int]) -> Iterator[float]:
    """Endless factors of mean 1 whose logarithm has this standard deviation; all 1 where it is 0."""
    generator = np.random.default_rng(seed)
    while True:
        if deviation == 0:
            yield from [1.0] * _DRAWN_AT_ONCE
        else:
            yield from np.exp(deviation * generator.standard_normal(_DRAWN_AT_ONCE) - deviation**2 / 2).tolist()
