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


class CoupledQueue:
    """A station of replicas, or a provider.

    Attributes:
        alone: seconds of each request; of one that fails, those that it occupies the station.
        entered, started, ended: seconds of each request.
        busy: replica-seconds of all batches that began.
    """

    def __init__(
        self,
        station: ReplicaStation | ProviderStation,
        alone: list[float],
        working: dict[str, int],
        scatter: Iterator[float],
    ) -> None:
        self.station = station
        self.alone = alone
        self.entered, self.started, self.ended = ([0.0] * len(alone) for _ in range(3))
        self.busy = 0.0
        self.waiting: deque[int] = deque()
        self.free = station.replicas if isinstance(station, ReplicaStation) else 0
        self._factors = station.profile.factor_table(station.batch) if isinstance(station, ReplicaStation) else []
        self._working = working
        self._scatter = scatter

    def begin(self, requests: list[int], now: float) -> float:
        """Begin a batch; when it will end."""
        station = self.station
        for request in requests:
            self.started[request] = now
        alone = sum([self.alone[request] for request in requests])
        if not isinstance(station, ReplicaStation):
            self.busy += alone
            return now + alone
        self.free -= 1
        self._working[station.host] += 1
        by_busy = self._factors[len(requests) - 1]
        factor = by_busy[min(self._working[station.host], len(by_busy)) - 1]
        seconds = (station.profile.start + factor * alone) * next(self._scatter)
        self.busy += seconds
        return now + seconds

    def end(self, requests: list[int], now: float) -> None:
        """A batch has ended."""
        for request in requests:
            self.ended[request] = now
        if isinstance(self.station, ReplicaStation):
            self.free += 1
            self._working[self.station.host] -= 1


class CoupledQueues:
    """The stations of a pipeline, and what is due at them.

    Due are, by their second and a number that orders what is due in one second: arrivals, ends of batches, and queues
    whose first request has waited for long enough, which have no batch yet.
    """

    def __init__(self, queues: Sequence[CoupledQueue], fails: Sequence[Sequence[bool]], arrivals: list[float]) -> None:
        self._queues = queues
        self._fails = fails
        self._arrivals = arrivals
        self._due: list[tuple[float, int, int, list[int]]] = []
        self._number = count()
        self._startable: list[int] = []

    def run(self) -> None:
        """Until all requests have ended. What enters in one second is taken together: batches begin last in it."""
        due, startable = self._due, self._startable
        self._put(self._arrivals[0], _ARRIVAL, [0])
        while due:
            now, _, position, requests = heappop(due)
            if position == _ARRIVAL:
                self._arrive(requests[0], now)
            elif requests:
                self._end(position, requests, now)
            else:
                self._start(position, now)
            while startable and not (due and due[0][0] == now):
                self._start(startable.pop(0), now)

    def _put(self, second: float, position: int, requests: list[int]) -> None:
        heappush(self._due, (second, next(self._number), position, requests))

    def _arrive(self, request: int, now: float) -> None:
        if request + 1 < len(self._arrivals):
            self._put(self._arrivals[request + 1], _ARRIVAL, [request + 1])
        self._enter(0, request, now)

    def _enter(self, position: int, request: int, now: float) -> None:
        queue = self._queues[position]
        queue.entered[request] = now
        if isinstance(queue.station, ReplicaStation):
            queue.waiting.append(request)
            if queue.free and position not in self._startable:
                self._startable.append(position)
        else:
            self._put(queue.begin([request], now), position, [request])

    def _end(self, position: int, requests: list[int], now: float) -> None:
        queue = self._queues[position]
        queue.end(requests, now)
        if queue.waiting and position not in self._startable:
            self._startable.append(position)
        if position + 1 < len(self._queues):
            for request in requests:
                if not self._fails[position][request]:
                    self._enter(position + 1, request, now)

    def _start(self, position: int, now: float) -> None:
        queue = self._queues[position]
        station, waiting = queue.station, queue.waiting
        assert isinstance(station, ReplicaStation)
        while queue.free and waiting:
            size = min(station.batch, len(waiting))
            enough = queue.entered[waiting[0]] + station.wait
            if size < station.batch and now < enough:
                heappush(self._due, (enough, _LAST + next(self._number), position, []))
                return
            requests = [waiting.popleft() for _ in range(size)]
            self._put(queue.begin(requests, now), position, requests)


def serve_together(requests: PatientRequests, positions: range) -> None:
    """Let the requests pass stations of replicas or providers that follow each other."""
    order = requests.order
    working = {station.host: 0 for station in requests.stations if isinstance(station, ReplicaStation)}
    queues = [
        CoupledQueue(
            station,
            requests.occupied[order, position].tolist(),
            working,
            requests.factors[position],
        )
        for position, station in zip(positions, requests.stations[positions.start : positions.stop], strict=True)
        if not isinstance(station, SharedStation)
    ]
    if len(order):
        fails = requests.fails[order][:, positions].T.tolist()
        CoupledQueues(queues, fails, requests.entries(positions.start).tolist()).run()
    for position, queue in zip(positions, queues, strict=True):
        requests.entered[order, position] = queue.entered
        requests.started[order, position] = queue.started
        requests.ended[order, position] = queue.ended
        requests.busy[position] = queue.busy
    requests.leave(positions)
