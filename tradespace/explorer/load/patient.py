"""Stations that wait for every answer and refuse nobody: what the fast ways to simulate them have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tradespace.explorer.arrays import Flags, Floats
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

PatientStation = ReplicaStation | ProviderStation


def patient_stations(stations: Sequence[Station]) -> tuple[PatientStation, ...] | None:
    """The stations, if all are replicas or providers without a tail policy or a bounded queue; otherwise None."""
    patient = [
        station
        for station in stations
        if isinstance(station, PatientStation)
        and station.tail == PATIENT
        and (isinstance(station, ProviderStation) or station.capacity is None)
    ]
    return tuple(patient) if len(patient) == len(stations) else None


class PatientRequests:
    """Requests on their way through such stations, as tables of shape (requests, stations).

    Attributes:
        fails: whether a request fails at a station, if it gets there.
        occupied: seconds that it takes alone, or occupies the station until it fails.
        entered, started, ended: at which second; 0 where it did not get.
        busy: replica-seconds of each station.
        factors: by station, how far each batch is off its profile.
    """

    def __init__(
        self, stations: Sequence[PatientStation], demand: Demand, offered: OfferedRequests, *, seed: int, scatter: bool
    ) -> None:
        self.fails: Flags = np.isinf(demand.seconds)[offered.questions]
        occupied = [occupied_seconds(alone) for alone in demand.seconds.T]
        self.occupied: Floats = np.stack(occupied, axis=1)[offered.questions]
        self.entered, self.started, self.ended = (np.zeros(self.fails.shape) for _ in range(3))
        self.busy = np.zeros(len(stations))
        self.factors: list[Iterator[float]] = [
            scatter_factors(
                station.profile.error if scatter and isinstance(station, ReplicaStation) else 0.0, (seed, at)
            )
            for at, station in enumerate(stations)
        ]
        self._offered = offered

    def simulated(self) -> SimulatedRequests:
        """What became of them, once all tables are full."""
        reached = np.ones_like(self.fails)
        reached[:, 1:] = ~np.logical_or.accumulate(self.fails, axis=1)[:, :-1]
        served = np.where(reached & ~self.fails, self.ended - self.started, 0.0)
        queued = np.where(reached, np.maximum(0.0, self.ended - self.entered - served), 0.0)
        arrivals = self._offered.arrivals
        latency = np.where(self.fails.any(axis=1), np.inf, self.ended[:, -1] - arrivals)
        seconds = float(self.ended.max() - arrivals[0]) if len(arrivals) else 0.0
        return SimulatedRequests(latency, queued, served, np.zeros_like(self.fails), self.busy, seconds)
