"""The same stations as processes of SimPy, a well-kept library: what our simulation is checked and timed against."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np
import simpy

from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.stations import Demand, OfferedRequests, ReplicaStation, SharedStation

Process = Generator[simpy.Event, Any, None]
_NOTHING = 1e-12
"""Seconds that are left of a call by rounding alone."""


def simpy_latencies(
    stations: Sequence[ReplicaStation | SharedStation], demand: Demand, offered: OfferedRequests
) -> Floats:
    """Seconds from arrival to answer of each request, none of which fails; what is off a profile is not drawn."""
    environment = simpy.Environment()
    ended = np.empty(len(offered.arrivals))

    def answered(request: int) -> None:
        ended[request] = environment.now

    leave = answered
    for position in reversed(range(len(stations))):
        alone = demand.seconds[offered.questions, position].tolist()
        kind = SimPySharing if isinstance(stations[position], SharedStation) else SimPyReplicas
        leave = kind(environment, stations[position], alone, leave).enter
    environment.process(_arrivals(environment, offered.arrivals.tolist(), leave))
    environment.run()
    return ended - offered.arrivals


def _arrivals(environment: simpy.Environment, arrivals: Sequence[float], enter: Callable[[int], None]) -> Process:
    for request, second in enumerate(arrivals):
        yield environment.timeout(second - environment.now)
        enter(request)


class SimPyReplicas:
    """Replicas as a resource; one process takes batches from the queue."""

    def __init__(
        self, environment: simpy.Environment, station: ReplicaStation, alone: list[float], leave: Callable[[int], None]
    ) -> None:
        self._environment = environment
        self._station = station
        self._alone = alone
        self._leave = leave
        self._replicas = simpy.Resource(environment, station.replicas)
        self._queue: deque[tuple[int, float]] = deque()
        self._entered = environment.event()
        environment.process(self._dispatch())

    def enter(self, request: int) -> None:
        """A request joins the queue."""
        self._queue.append((request, self._environment.now + self._station.wait))
        self._entered.succeed()
        self._entered = self._environment.event()

    def _dispatch(self) -> Process:
        while True:
            if not self._queue:
                yield self._entered
            replica = self._replicas.request()
            yield replica
            while len(self._queue) < self._station.batch and self._environment.now < self._queue[0][1]:
                yield self._entered | self._environment.timeout(self._queue[0][1] - self._environment.now)
            size = min(self._station.batch, len(self._queue))
            batch = [self._queue.popleft()[0] for _ in range(size)]
            self._environment.process(self._serve(batch, replica))

    def _serve(self, batch: Sequence[int], replica: simpy.resources.resource.Request) -> Process:
        seconds = self._station.profile.seconds([self._alone[request] for request in batch], self._replicas.count)
        yield self._environment.timeout(seconds)
        self._replicas.release(replica)
        for request in batch:
            self._leave(request)


class SimPySharing:
    """One server with continuous batching, step by step: it reads the prompts of all calls that have come, or else it
    writes until a call ends or another comes."""

    def __init__(
        self, environment: simpy.Environment, station: SharedStation, alone: list[float], leave: Callable[[int], None]
    ) -> None:
        self._environment = environment
        self._profile = station.profile
        self._alone = alone
        self._leave = leave
        self._queue: deque[int] = deque()
        self._left: dict[int, float] = {}
        self._entered = environment.event()
        environment.process(self._serve())

    def enter(self, request: int) -> None:
        """A call joins the queue."""
        self._queue.append(request)
        self._entered.succeed()
        self._entered = self._environment.event()

    def _serve(self) -> Process:
        while True:
            for request in [request for request, left in self._left.items() if left < _NOTHING]:
                del self._left[request]
                self._leave(request)
            begun = [self._queue.popleft() for _ in range(min(len(self._queue), self._profile.slots - len(self._left)))]
            self._left |= {request: self._alone[request] * (1 - self._profile.reading) for request in begun}
            if not self._left:
                yield self._entered
                continue
            factor = self._profile.step_factor(len(self._left))
            if begun and self._profile.reading:
                prompts = sum(self._alone[request] * self._profile.reading for request in begun)
                yield self._environment.timeout(prompts * factor)
            else:
                yield from self._write(factor)

    def _write(self, factor: float) -> Process:
        before = self._environment.now
        yield self._environment.timeout(min(self._left.values()) * factor) | self._entered
        passed = (self._environment.now - before) / factor
        self._left = {request: left - passed for request, left in self._left.items()}
