"""Every kind of station and every tail policy, event by event: what is right whatever happens."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from tradespace.explorer.load.agenda import Agenda
from tradespace.explorer.load.attempts import StationDemand, StationServer, scatter_factors, station_scatter
from tradespace.explorer.load.provider_server import ProviderServer
from tradespace.explorer.load.replica_server import ReplicaServer, WorkingReplicas
from tradespace.explorer.load.shared_server import SharedServers
from tradespace.explorer.load.stations import (
    Demand,
    OfferedRequests,
    ReplicaStation,
    SharedStation,
    SimulatedRequests,
    Station,
)
from tradespace.explorer.load.tail import Visit, VisitedStation


def simulate_by_events(
    stations: Sequence[Station], demand: Demand, offered: OfferedRequests, *, seed: int, scatter: bool
) -> SimulatedRequests:
    """As `simulate`, whatever the stations are; the naive reference of the faster ways."""
    return _EventDriven(stations, demand, offered, seed, scatter).simulated()


class _EventDriven:
    def __init__(
        self, stations: Sequence[Station], demand: Demand, offered: OfferedRequests, seed: int, scatter: bool
    ) -> None:
        self._agenda = Agenda()
        self._arrivals: list[float] = offered.arrivals.tolist()
        self._questions: list[int] = offered.questions.tolist()
        self._seed, self._scatter = seed, scatter
        self._working: dict[str, WorkingReplicas] = {}
        self._stations = [
            VisitedStation(self._server(station, place), StationDemand(demand, place, station), station.tail)
            for place, station in enumerate(stations)
        ]
        shape = (len(self._arrivals), len(stations))
        self._latency = np.full(shape[0], np.inf)
        self._queued, self._served = np.zeros(shape), np.zeros(shape)
        self._fell_back = np.zeros(shape, dtype=np.bool_)
        self._last_end = 0.0

    def _server(self, station: Station, place: int) -> StationServer:
        factors = scatter_factors(station_scatter(station) if self._scatter else 0.0, (self._seed, place))
        match station:
            case ReplicaStation():
                working = self._working.setdefault(station.host, WorkingReplicas())
                server = ReplicaServer(self._agenda, station, working, factors)
                server.add(station.replicas)
                return server
            case SharedStation():
                return SharedServers(self._agenda, station, factors)
        return ProviderServer(self._agenda)

    def simulated(self) -> SimulatedRequests:
        """Let all requests come, and end."""
        if self._arrivals:
            self._agenda.at(self._arrivals[0], partial(self._arrive, 0))
        self._agenda.finish()
        servers = [station.server for station in self._stations]
        last_end = max([self._last_end, *(server.last_end for server in servers)])
        seconds = last_end - self._arrivals[0] if self._arrivals else 0.0
        busy = np.array([server.busy for server in servers])
        return SimulatedRequests(self._latency, self._queued, self._served, self._fell_back, busy, seconds)

    def _arrive(self, request: int) -> None:
        coming = request + 1
        if coming < len(self._arrivals):
            self._agenda.at(self._arrivals[coming], partial(self._arrive, coming))
        self._visit(request, 0)

    def _visit(self, request: int, place: int) -> None:
        done = partial(self._visited, request, place)
        Visit(self._agenda, self._stations[place], self._questions[request], done).begin()

    def _visited(self, request: int, place: int, visit: Visit, answered: bool) -> None:
        now = self._agenda.now
        self._queued[request, place] = max(0.0, now - visit.entered - visit.served)
        self._served[request, place] = visit.served
        self._fell_back[request, place] = visit.fell_back
        if answered and place + 1 < len(self._stations):
            return self._visit(request, place + 1)
        if answered:
            self._latency[request] = now - self._arrivals[request]
        self._last_end = now
        return None
