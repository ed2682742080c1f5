"""Where requests queue and are served: the network that a deployed pipeline is, as plain values.

A request visits the stations in order. What each of its visits takes alone is measured, question by question; all
stations take the seconds of the same question, so that what makes one slow makes the others slow, too.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tradespace.explorer.arrays import Flags, Floats, Integers
from tradespace.explorer.load.profiles import ALONE, BatchProfile, SharingProfile
from tradespace.search_space.deployment import PATIENT, TailPolicy

RoundsOfCalls = tuple[tuple[float, ...], ...]
"""Calls that one request makes of a shared server: rounds one after the other, the calls of a round at once; each with
the seconds that it takes alone."""


@dataclass(frozen=True, slots=True)
class ReplicaStation:
    """Replicas behind one queue, first come first served, each with one batch at a time.

    Attributes:
        name: of the group of stages.
        wait: seconds that a free replica waits for a batch to fill, from the arrival of its first request.
        capacity: requests that may queue; one beyond them is refused, and fails. None where the queue is unbounded.
        host: replicas of all stations of the same host slow each other as the profile says.
    """

    name: str
    replicas: int = 1
    batch: int = 1
    wait: float = 0.0
    profile: BatchProfile = ALONE
    tail: TailPolicy = PATIENT
    capacity: int | None = None
    host: str = ""


@dataclass(frozen=True, slots=True)
class SharedStation:
    """Servers with continuous batching: all calls that run at once share one, up to its slots; a call goes to the one
    with the fewest."""

    name: str
    profile: SharingProfile
    servers: int = 1
    tail: TailPolicy = PATIENT


@dataclass(frozen=True, slots=True)
class ProviderStation:
    """A service that is not ours, such as a provider's model: as fast for many as for one."""

    name: str
    tail: TailPolicy = PATIENT


Station = ReplicaStation | SharedStation | ProviderStation


@dataclass(frozen=True)
class Demand:
    """What each question asks of each station.

    Attributes:
        seconds: alone, of shape (questions, stations); infinite where a question fails there. How long it takes to fail
            is not known: it occupies the station for the median of the finite seconds.
        rounds: by position of a `SharedStation`, for each question, the calls that make up its seconds there. Where a
            station has none, a visit is one call of those seconds.
        repeats: by position of a station, of shape (questions, repeats): further measured seconds of the same visit,
            which a hedge or a retry may take, one after the other; infinite where it failed again. Without them it
            takes as long again, and what fails, fails again.
        fallbacks: by position of a station whose tail policy has a fallback, the seconds that it takes alone, of shape
            (questions,); infinite where it fails, too.
    """

    seconds: Floats
    rounds: dict[int, tuple[RoundsOfCalls, ...]] = field(default_factory=dict)
    repeats: dict[int, Floats] = field(default_factory=dict)
    fallbacks: dict[int, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class OfferedRequests:
    """Requests in the order of their arrival.

    Attributes:
        arrivals: seconds from the start, ascending, of shape (requests,).
        questions: which row of the demand each asks, of shape (requests,).

    Raises:
        ValueError: if arrivals do not ascend.
    """

    arrivals: Floats
    questions: Integers

    def __post_init__(self) -> None:
        if (np.diff(self.arrivals) < 0).any():
            raise ValueError("requests must be offered in the order of their arrivals")


@dataclass(frozen=True)
class SimulatedRequests:
    """What became of the requests.

    Attributes:
        latency: seconds from arrival to answer, of shape (requests,); infinite where it failed, timed out or was
            refused.
        queued: seconds at each station that were no service of what answered: of queues, of batches filling, of
            attempts given up; of shape (requests, stations).
        served: seconds of service of what answered at each station, its fallback's if that did; of shape (requests,
            stations). With `queued` they add up to the latency.
        fell_back: by station, whether its fallback answered, of shape (requests, stations).
        busy: replica-seconds that each station worked, hedges and what was given up included, of shape (stations,).
            Of a shared server: seconds in which any call ran; of a provider: seconds of all calls.
        seconds: from the first arrival to the last end.
    """

    latency: Floats
    queued: Floats
    served: Floats
    fell_back: Flags
    busy: Floats
    seconds: float
