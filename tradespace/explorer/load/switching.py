"""What is known of a deployment whose pipeline may change under load, meanwhile and afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from tradespace.explorer.arrays import Integers
from tradespace.explorer.load.stations import SimulatedRequests


@dataclass(frozen=True, slots=True)
class ObservedLoad:
    """What may be known of a running deployment at a moment.

    Attributes:
        second: the moment.
        arrived: requests so far.
        ended: those that were answered, failed or were refused so far.
        queued: requests that wait, by name of the station.
        running: replicas that work, or attempts that a shared server or a provider works on, by name of the station.
        replicas: that are there, by name of the station of replicas.
        current: position of the pipeline that takes requests, in the order of `open` and `switch`.
    """

    second: float
    arrived: int
    ended: int
    queued: dict[str, int]
    running: dict[str, int]
    replicas: dict[str, int]
    current: int


@dataclass(frozen=True)
class SwitchedRequests:
    """What became of requests while pipelines changed.

    Attributes:
        requests: as without switches; the stations are those of all pipelines, in the order of `stations`.
        stations: their names.
        pipelines: which one each request took, of shape (requests,), in the order of `open` and `switch`.
        provisioned: replica-seconds that were there or started up, by station; 0 of a provider.
    """

    requests: SimulatedRequests
    stations: tuple[str, ...]
    pipelines: Integers
    provisioned: tuple[float, ...]
