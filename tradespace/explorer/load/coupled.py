"""Patient queues whose replicas slow each other, as they share a host: event by event, in one narrow loop.

What a batch takes depends on what all stations of its host do at its start, so that no station can be computed by
itself. Gives exactly what `simulate_by_events` gives, its naive reference, several times faster.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count

import numpy as np

from tradespace.explorer.load.patient import PatientRequests
from tradespace.explorer.load.stations import ReplicaStation, SharedStation

_LAST = 1 << 60
_NOBODY: list[int] = []


class CoupledQueue:
    """A station of replicas, or a provider.

    Attributes:
        station: how it serves.
        in_replicas: whether it is one of replicas.
        working: how many replicas of its host work, which all its stations share.
        alone: seconds of each request; of one that fails, those that it occupies the station.
        fails: whether each fails here; None where none does.
        entered, started, ended: seconds of each request.
        busy: replica-seconds of all batches that began.
        waiting: requests, in the order in which they entered.
        free: replicas that have nothing to do.
    """

    def __init__(self, requests: PatientRequests, position: int, entered: list[float], working: list[int]) -> None:
        station = requests.stations[position]
        assert not isinstance(station, SharedStation)
        self.station = station
        self.in_replicas = isinstance(station, ReplicaStation)
        self.working = working
        self.alone: list[float] = requests.occupied[requests.order, position].tolist()
        fails = requests.fails[requests.order, position]
        self.fails: list[bool] | None = fails.tolist() if fails.any() else None
        self.entered = entered
        self.started, self.ended = [0.0] * len(entered), [0.0] * len(entered)
        self.busy = 0.0
        self.waiting: deque[int] = deque()
        self.free = station.replicas if isinstance(station, ReplicaStation) else 0
        self._factors = station.profile.factor_table(station.batch) if isinstance(station, ReplicaStation) else []
        self._scatter = requests.factors[position]

    def begin(self, station: ReplicaStation, requests: list[int], now: float) -> float:
        """Begin a batch in a free replica; when it will end."""
        alone = self.alone[requests[0]] if len(requests) == 1 else sum([self.alone[request] for request in requests])
        self.free -= 1
        self.working[0] += 1
        busy = self.working[0]
        by_busy = self._factors[len(requests) - 1]
        factor = by_busy[busy - 1] if busy < len(by_busy) else by_busy[-1]
        seconds = (station.profile.start + factor * alone) * next(self._scatter)
        self.busy += seconds
        end = now + seconds
        for request in requests:
            self.started[request] = now
            self.ended[request] = end
        return end

    def ask(self, request: int, now: float) -> float:
        """Ask a provider; when it will have answered."""
        self.started[request] = now
        self.working[0] += 1
        self.free -= 1
        self.busy += self.alone[request]
        self.ended[request] = end = now + self.alone[request]
        return end


class CoupledQueues:
    """The stations of a pipeline, and what is due at them.

    Due are, by their second and a number that orders what is due in one second: arrivals, ends of batches, and queues
    whose first request has waited for long enough, which have no batch yet.
    """

    def __init__(self, queues: Sequence[CoupledQueue], arrivals: list[float]) -> None:
        self._queues = queues
        self._arrivals = arrivals
        self._due: list[tuple[float, int, CoupledQueue | None, list[int]]] = []
        self._number = count()

    def run(self) -> None:
        """Until all requests have ended. What enters in one second is taken together: batches begin last in it.

        One long function, as each call in it would be made for every request.
        """
        due, startable, coming = self._due, list[CoupledQueue](), 0
        following: dict[CoupledQueue | None, CoupledQueue | None]
        following = dict(zip((None, *self._queues), (*self._queues, None), strict=True))
        heappush(due, (self._arrivals[0], next(self._number), None, _NOBODY))
        while due:
            now, _, queue, requests = heappop(due)
            if queue is None:
                requests, coming = [coming], coming + 1
                if coming < len(self._arrivals):
                    heappush(due, (self._arrivals[coming], next(self._number), None, _NOBODY))
            elif not requests:
                self._start(queue, now)
            else:
                queue.free += 1
                queue.working[0] -= 1
                if queue.waiting and queue not in startable:
                    startable.append(queue)
                if fails := queue.fails:
                    requests = [request for request in requests if not fails[request]]
            if requests and (entered := following[queue]):
                if entered.in_replicas:
                    entered.waiting += requests
                    if entered.free and entered not in startable:
                        startable.append(entered)
                else:
                    self._ask(entered, requests, now)
            while startable and not (due and due[0][0] == now):
                self._start(startable.pop(0), now)

    def _ask(self, queue: CoupledQueue, requests: list[int], now: float) -> None:
        for request in requests:
            heappush(self._due, (queue.ask(request, now), next(self._number), queue, [request]))

    def _start(self, queue: CoupledQueue, now: float) -> None:
        station, waiting = queue.station, queue.waiting
        assert isinstance(station, ReplicaStation)
        batch = station.batch
        while queue.free and waiting:
            if len(waiting) < batch and now < (enough := queue.entered[waiting[0]] + station.wait):
                heappush(self._due, (enough, _LAST + next(self._number), queue, _NOBODY))
                return
            if batch == 1 or len(waiting) == 1:
                requests = [waiting.popleft()]
            else:
                requests = [waiting.popleft() for _ in range(min(batch, len(waiting)))]
            end = queue.begin(station, requests, now)
            heappush(self._due, (end, next(self._number), queue, requests))


def serve_together(requests: PatientRequests, positions: range) -> None:
    """Let the requests pass stations of replicas or providers that follow each other."""
    order = requests.order
    working: dict[str, list[int]] = {}
    queues: list[CoupledQueue] = []
    arrivals: list[float] = requests.entries(positions.start).tolist()
    for position in positions:
        station = requests.stations[position]
        shared = working.setdefault(station.host, [0]) if isinstance(station, ReplicaStation) else [0]
        queues.append(CoupledQueue(requests, position, queues[-1].ended if queues else arrivals, shared))
    if len(order):
        CoupledQueues(queues, arrivals).run()
    for position, queue in zip(positions, queues, strict=True):
        got = ~requests.fails[order][:, positions.start : position].any(axis=1)
        requests.entered[order, position] = np.where(got, queue.entered, 0.0)
        requests.started[order, position] = queue.started
        requests.ended[order, position] = queue.ended
        requests.busy[position] = queue.busy
    requests.leave(positions)
