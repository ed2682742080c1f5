"""Every station, policy and switch, event by event: what is right whatever happens, and can be watched on its way."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from tradespace.explorer.load.agenda import Agenda
from tradespace.explorer.load.attempts import StationDemand, StationServer, scatter_factors, scatter_of
from tradespace.explorer.load.provider_server import ProviderServer
from tradespace.explorer.load.provisioning import ProvisionedStation, replicas_of
from tradespace.explorer.load.replica_server import ReplicaServer, WorkingReplicas
from tradespace.explorer.load.shared_server import SharedServers
from tradespace.explorer.load.stations import (
    Demand,
    OfferedRequests,
    ReplicaStation,
    SharedStation,
    SimulatedRequests,
    Station,
    require_different_names,
)
from tradespace.explorer.load.switching import ObservedLoad, SwitchedRequests
from tradespace.explorer.load.tail import Visit, VisitedStation


@dataclass(slots=True, eq=False)
class OpenPipeline:
    """A pipeline that requests may take.

    Attributes:
        stations: that its requests visit, in order.
        planned: the stations as they were asked for.
        provisioned: their servers and replicas.
        ready: the second from which all its stations have a replica.
        closed: whether no further request may take it.
        inside: requests that are on their way through it.
    """

    stations: tuple[VisitedStation, ...]
    planned: tuple[Station, ...]
    provisioned: tuple[ProvisionedStation, ...]
    ready: float
    closed: bool = False
    inside: int = 0


class Simulation:
    """Requests on their way through pipelines that may change meanwhile.

    Time advances as far as it is told to, so that a policy can decide from what it has observed so far:

    >>> station = ReplicaStation("generate", replicas=1)
    >>> simulation = Simulation((station,), Demand(seconds=np.array([[0.5]])))
    >>> simulation.offer(OfferedRequests(np.array([0.0, 0.1, 0.2]), np.array([0, 0, 0])))
    >>> simulation.advance_to(0.3)
    >>> simulation.observe().queued
    {'generate': 2}
    >>> simulation.switch((ReplicaStation("generate", replicas=2),), Demand(seconds=np.array([[0.5]])), start_up=0.1)
    1
    >>> simulation.finish().requests.latency.round(3).tolist()
    [0.5, 0.8, 0.8]

    Stations of one name are one queue with its replicas, whichever pipeline names it: name a station by what runs in
    it. A request takes one pipeline from its arrival to its end.
    """

    def __init__(
        self, stations: Sequence[Station], demand: Demand, *, seed: int = 0, scatter: bool = True, start_up: float = 0.0
    ) -> None:
        """`scatter` draws how far each batch or call is off its profile; without it, it takes what is foretold."""
        self._agenda = Agenda()
        self._seed = seed
        self._scatter = scatter
        self._stations: dict[str, ProvisionedStation] = {}
        self._working: dict[str, WorkingReplicas] = {}
        self._pipelines: list[OpenPipeline] = []
        self._coming: deque[tuple[float, int, int | None]] = deque()
        self._taken: list[int] = []
        self._arrivals: list[float] = []
        self._latency: list[float] = []
        self._ended = 0
        self._last_end = 0.0
        self._visits: list[tuple[int, int, float, float, bool]] = []
        self._current = self._wanted = self.open(stations, demand, start_up=start_up)

    def open(self, stations: Sequence[Station], demand: Demand, *, start_up: float = 0.0) -> int:
        """Start what a pipeline needs; requests that are offered to it take it as soon as it is ready.

        Stations that are there keep their replicas, and grow; they never shrink here.

        Returns:
            Its position, for `offer`.
        """
        require_different_names(stations)
        provisioned = tuple(map(self._station, stations))
        idle = any(
            replicas_of(station) and not one.server.replicas for station, one in zip(stations, provisioned, strict=True)
        )
        for station, one in zip(stations, provisioned, strict=True):
            one.resize(max(one.replicas, replicas_of(station)), start_up)
        visited = tuple(
            VisitedStation(one.server, StationDemand(demand, position, station), station.tail)
            for position, (station, one) in enumerate(zip(stations, provisioned, strict=True))
        )
        ready = self._agenda.now + start_up if idle else self._agenda.now
        self._pipelines.append(OpenPipeline(visited, tuple(stations), provisioned, ready))
        return len(self._pipelines) - 1

    def switch(self, stations: Sequence[Station], demand: Demand, *, start_up: float = 0.0) -> int:
        """From when it is ready, requests take this pipeline; those that arrived before finish the one they took.

        New replicas take `start_up` seconds to come. Until the pipeline is ready, the one before takes what arrives;
        then that is closed, and stations that no request will visit any more are removed. A later switch overrules
        one that is not ready yet.

        Returns:
            Its position, as in the results.
        """
        overruled, self._wanted = self._wanted, self.open(stations, demand, start_up=start_up)
        if overruled != self._current:
            self.close(overruled)
        ready = self._pipelines[self._wanted].ready
        if ready > self._agenda.now:
            self._agenda.at(ready, partial(self._take_over, self._wanted))
        else:
            self._take_over(self._wanted)
        return self._wanted

    def _take_over(self, position: int) -> None:
        if position != self._wanted:
            return
        before, self._current = self._current, position
        pipeline = self._pipelines[position]
        for station, one in zip(pipeline.planned, pipeline.provisioned, strict=True):
            one.server.configure(station)
            one.resize(replicas_of(station))
        self.close(before)

    def close(self, position: int) -> None:
        """No further request takes this pipeline; what only it needs is removed when its last request has ended."""
        self._pipelines[position].closed = True
        self._remove_unneeded(self._pipelines[position])

    def _remove_unneeded(self, pipeline: OpenPipeline) -> None:
        if not pipeline.closed or pipeline.inside:
            return
        needed = {id(one) for other in self._pipelines if other.inside or not other.closed for one in other.provisioned}
        for one in pipeline.provisioned:
            if id(one) not in needed:
                one.resize(0)

    def _station(self, station: Station) -> ProvisionedStation:
        if station.name not in self._stations:
            column = len(self._stations)
            self._stations[station.name] = ProvisionedStation(self._agenda, self._server(station, column), column)
        return self._stations[station.name]

    def _server(self, station: Station, column: int) -> StationServer:
        factors = scatter_factors(scatter_of(station) if self._scatter else 0.0, (self._seed, column))
        match station:
            case ReplicaStation():
                working = self._working.setdefault(station.host, WorkingReplicas())
                return ReplicaServer(self._agenda, station, working, factors)
            case SharedStation():
                return SharedServers(self._agenda, station, factors)
        return ProviderServer(self._agenda)

    def offer(self, offered: OfferedRequests, *, pipeline: int | None = None) -> None:
        """Requests that will arrive, none before now nor before one that was offered earlier.

        Args:
            offered: when they arrive, and what they attempt.
            pipeline: which one they take, if it is ready at their arrival, and open; otherwise the current one.
        """
        arrivals = offered.arrivals.tolist()
        earliest = max(self._agenda.now, self._coming[-1][0] if self._coming else 0.0)
        if arrivals and arrivals[0] < earliest:
            raise ValueError(f"no request may be offered for before {earliest:g} s, not for {arrivals[0]:g} s")
        waiting = bool(self._coming)
        self._coming.extend(
            (second, question, pipeline) for second, question in zip(arrivals, offered.questions.tolist(), strict=True)
        )
        if self._coming and not waiting:
            self._agenda.at(self._coming[0][0], self._arrive)

    def _arrive(self) -> None:
        second, question, asked = self._coming.popleft()
        if self._coming:
            self._agenda.at(self._coming[0][0], self._arrive)
        position = self._current if asked is None else asked
        if self._pipelines[position].closed or self._pipelines[position].ready > second:
            position = self._current
        self._arrivals.append(second)
        self._taken.append(position)
        self._latency.append(np.inf)
        self._pipelines[position].inside += 1
        self._visit(len(self._arrivals) - 1, question, 0)

    def _visit(self, request: int, question: int, position: int) -> None:
        station = self._pipelines[self._taken[request]].stations[position]
        Visit(self._agenda, station, question, partial(self._visited, request, question, position)).begin()

    def _visited(self, request: int, question: int, position: int, visit: Visit, answered: bool) -> None:
        now = self._agenda.now
        pipeline = self._pipelines[self._taken[request]]
        waited = max(0.0, now - visit.entered - visit.served)
        self._visits.append((request, pipeline.provisioned[position].column, waited, visit.served, visit.fell_back))
        if answered and position + 1 < len(pipeline.stations):
            return self._visit(request, question, position + 1)
        if answered:
            self._latency[request] = now - self._arrivals[request]
        self._ended += 1
        self._last_end = now
        pipeline.inside -= 1
        return self._remove_unneeded(pipeline)

    def advance_to(self, second: float) -> None:
        """Let everything happen that is due up to this second."""
        self._agenda.advance_to(second)

    def observe(self) -> ObservedLoad:
        """What can be known now."""
        return ObservedLoad(
            self._agenda.now,
            len(self._arrivals),
            self._ended,
            {name: one.server.queued for name, one in self._stations.items()},
            {name: one.server.running for name, one in self._stations.items()},
            {name: one.server.replicas for name, one in self._stations.items()},
            self._current,
        )

    def finish(self) -> SwitchedRequests:
        """Let all requests end; what is provisioned counts up to then, and at least up to now."""
        now = self._agenda.now
        self._agenda.finish()
        until = max(now, self._last_end)
        return SwitchedRequests(
            self._requests(),
            tuple(self._stations),
            np.array(self._taken, dtype=np.intp),
            tuple(one.seconds(until) for one in self._stations.values()),
        )

    def _requests(self) -> SimulatedRequests:
        shape = (len(self._arrivals), len(self._stations))
        queued, served, fell_back = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=np.bool_)
        if self._visits:
            requests, columns, *values = map(np.array, zip(*self._visits, strict=True))
            for table, value in zip((queued, served, fell_back), values, strict=True):
                table[requests, columns] = value
        ends = [self._last_end, *(one.server.last_end for one in self._stations.values())]
        busy = np.array([one.server.busy for one in self._stations.values()])
        seconds = max(ends) - self._arrivals[0] if self._arrivals else 0.0
        return SimulatedRequests(np.array(self._latency), queued, served, fell_back, busy, seconds)
