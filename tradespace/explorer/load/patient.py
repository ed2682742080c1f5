"""Stations that wait for every answer and refuse nobody: what the fast ways to simulate them have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tradespace.explorer.arrays import Flags, Floats, Integers
from tradespace.explorer.load.attempts import occupied_seconds, scatter_factors, station_scatter
from tradespace.explorer.load.stations import (
    Demand,
    OfferedRequests,
    ReplicaStation,
    SimulatedRequests,
    Station,
)
from tradespace.search_space.deployment import PATIENT


def all_patient(stations: Sequence[Station]) -> bool:
    """Whether no station has a tail policy or a bounded queue."""
    return all(
        station.tail == PATIENT and not (isinstance(station, ReplicaStation) and station.capacity is not None)
        for station in stations
    )


class PatientRequests:
    """Requests on their way through such stations, as tables of shape (requests, stations).

    Attributes:
        stations, demand, questions: what they visit, and ask there.
        fails: whether a request fails at a station, if it gets there.
        occupied: seconds that it takes alone, or occupies the station until it fails.
        entered, started, ended: at which second; 0 where it did not get.
        busy: replica-seconds of each station.
        factors: by station, how far each batch or call is off its profile.
        order: of those that have not failed so far, in which they enter the next station.
    """

    def __init__(
        self, stations: Sequence[Station], demand: Demand, offered: OfferedRequests, *, seed: int, scatter: bool
    ) -> None:
        self.stations, self.demand, self.questions = stations, demand, offered.questions
        self.fails: Flags = np.isinf(demand.seconds)[offered.questions]
        occupied = [occupied_seconds(alone) for alone in demand.seconds.T]
        self.occupied: Floats = np.stack(occupied, axis=1)[offered.questions]
        self.entered, self.started, self.ended = (np.zeros(self.fails.shape) for _ in range(3))
        self.busy = np.zeros(len(stations))
        self.factors = [
            scatter_factors(station_scatter(station) if scatter else 0.0, (seed, position))
            for position, station in enumerate(stations)
        ]
        self.order: Integers = np.arange(len(offered.arrivals))
        self._arrivals = offered.arrivals

    def entries(self, position: int) -> Floats:
        """When those in order enter a station: when they left the one before."""
        return self.ended[self.order, position - 1] if position else self._arrivals

    def leave(self, positions: range) -> None:
        """They have passed these stations: those that end first go on first, of one second those that were first."""
        order = self.order[~self.fails[self.order][:, positions].any(axis=1)]
        times = [table[order, position] for position in positions for table in (self.entered, self.started, self.ended)]
        self.order = order[np.lexsort(times)]

    def simulated(self) -> SimulatedRequests:
        """What became of them, once they have passed all stations."""
        reached = np.ones_like(self.fails)
        reached[:, 1:] = ~np.logical_or.accumulate(self.fails, axis=1)[:, :-1]
        served = np.where(reached & ~self.fails, self.ended - self.started, 0.0)
        queued = np.where(reached, np.maximum(0.0, self.ended - self.entered - served), 0.0)
        latency = np.where(self.fails.any(axis=1), np.inf, self.ended[:, -1] - self._arrivals)
        seconds = float(self.ended.max() - self._arrivals[0]) if len(self._arrivals) else 0.0
        return SimulatedRequests(latency, queued, served, np.zeros_like(self.fails), self.busy, seconds)
