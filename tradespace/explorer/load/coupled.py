"""Patient queues whose replicas slow each other, as they share a host: event by event, in one narrow loop.

What a batch takes depends on what all stations of its host do at its start, so that no station can be computed by
itself. Gives exactly what `simulate_by_events` gives, its naive reference, several times faster.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import count

from tradespace.explorer.load.patient import PatientRequests
from tradespace.explorer.load.stations import ProviderStation, ReplicaStation, SharedStation

_LAST = 1 << 60
_ARRIVAL = -1
_NOBODY: list[int] = []


class CoupledQueue:
    """A station of replicas, or a provider.

    Attributes:
        position: among the stations that are served together.
        host: of its replicas; None of a provider.
        alone: seconds of each request; of one that fails, those that it occupies the station.
        fails: whether each fails here.
        entered, started, ended: seconds of each request.
        busy: replica-seconds of all batches that began.
        free: replicas that have nothing to do.
    """

    def __init__(
        self,
        position: int,
        station: ReplicaStation | ProviderStation,
        alone: list[float],
        fails: list[bool],
        working: dict[str, int],
        scatter: Iterator[float],
    ) -> None:
        self.position = position
        self.station = station
        self.host = station.host if isinstance(station, ReplicaStation) else None
        self.alone = alone
        self.fails = fails if any(fails) else None
        self.entered, self.started, self.ended = ([0.0] * len(alone) for _ in range(3))
        self.busy = 0.0
        self.waiting: deque[int] = deque()
        self.free = station.replicas if isinstance(station, ReplicaStation) else 0
        self._factors = station.profile.factor_table(station.batch) if isinstance(station, ReplicaStation) else []
        self._working = working
        self._scatter = scatter

    def begin(self, requests: list[int], station: ReplicaStation, now: float) -> float:
        """Begin a batch in a free replica; when it will end."""
        alone = self.alone[requests[0]] if len(requests) == 1 else sum([self.alone[request] for request in requests])
        self.free -= 1
        self._working[station.host] = working = self._working[station.host] + 1
        by_busy = self._factors[len(requests) - 1]
        factor = by_busy[working - 1] if working < len(by_busy) else by_busy[-1]
        seconds: float = (station.profile.start + factor * alone) * next(self._scatter)
        self.busy += seconds
        for request in requests:
            self.started[request] = now
        return now + seconds

    def ask(self, request: int, now: float) -> float:
        """Ask a provider; when it will have answered."""
        self.started[request] = now
        self.busy += self.alone[request]
        return now + self.alone[request]

    def end(self, requests: list[int], now: float) -> list[int]:
        """A batch has ended; who goes on."""
        for request in requests:
            self.ended[request] = now
        if self.host is not None:
            self.free += 1
            self._working[self.host] -= 1
        fails = self.fails
        return requests if fails is None else [request for request in requests if not fails[request]]


class CoupledQueues:
    """The stations of a pipeline, and what is due at them.

    Due are, by their second and a number that orders what is due in one second: arrivals, ends of batches, and queues
    whose first request has waited for long enough, which have no batch yet.
    """

    def __init__(self, queues: Sequence[CoupledQueue], arrivals: list[float]) -> None:
        self._queues = queues
        self._arrivals = arrivals
        self._due: list[tuple[float, int, int, list[int]]] = []
        self._number = count()

    def run(self) -> None:
        """Until all requests have ended. What enters in one second is taken together: batches begin last in it."""
        due, startable, coming = self._due, list[CoupledQueue](), 0
        heappush(due, (self._arrivals[0], next(self._number), _ARRIVAL, _NOBODY))
        while due:
            now, _, position, requests = heappop(due)
            if position == _ARRIVAL:
                requests, coming = [coming], coming + 1
                if coming < len(self._arrivals):
                    heappush(due, (self._arrivals[coming], next(self._number), _ARRIVAL, _NOBODY))
            elif requests:
                queue = self._queues[position]
                requests = queue.end(requests, now)
                if queue.waiting and queue not in startable:
                    startable.append(queue)
            else:
                self._start(self._queues[position], now)
            if requests and position + 1 < len(self._queues):
                queue = self._queues[position + 1]
                self._enter(queue, requests, now)
                if queue.free and queue not in startable:
                    startable.append(queue)
            while startable and not (due and due[0][0] == now):
                self._start(startable.pop(0), now)

    def _enter(self, queue: CoupledQueue, requests: list[int], now: float) -> None:
        for request in requests:
            queue.entered[request] = now
        if queue.host is not None:
            queue.waiting.extend(requests)
        else:
            for request in requests:
                heappush(self._due, (queue.ask(request, now), next(self._number), queue.position, [request]))

    def _start(self, queue: CoupledQueue, now: float) -> None:
        station, waiting = queue.station, queue.waiting
        assert isinstance(station, ReplicaStation)
        while queue.free and waiting:
            size = min(station.batch, len(waiting))
            if size < station.batch and now < (enough := queue.entered[waiting[0]] + station.wait):
                heappush(self._due, (enough, _LAST + next(self._number), queue.position, _NOBODY))
                return
            requests = [waiting.popleft() for _ in range(size)]
            heappush(self._due, (queue.begin(requests, station, now), next(self._number), queue.position, requests))


def serve_together(requests: PatientRequests, positions: range) -> None:
    """Let the requests pass stations of replicas or providers that follow each other."""
    order = requests.order
    working = {station.host: 0 for station in requests.stations if isinstance(station, ReplicaStation)}
    queues = [
        CoupledQueue(
            position - positions.start,
            station,
            requests.occupied[order, position].tolist(),
            requests.fails[order, position].tolist(),
            working,
            requests.factors[position],
        )
        for position, station in zip(positions, requests.stations[positions.start : positions.stop], strict=True)
        if not isinstance(station, SharedStation)
    ]
    if len(order):
        CoupledQueues(queues, requests.entries(positions.start).tolist()).run()
    for position, queue in zip(positions, queues, strict=True):
        requests.entered[order, position] = queue.entered
        requests.started[order, position] = queue.started
        requests.ended[order, position] = queue.ended
        requests.busy[position] = queue.busy
    requests.leave(positions)
