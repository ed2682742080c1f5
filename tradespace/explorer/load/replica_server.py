"""Replicas behind one queue, which batch dynamically, as events."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import partial

from tradespace.explorer.load.agenda import Agenda
from tradespace.explorer.load.attempts import ServiceAttempt
from tradespace.explorer.load.stations import ReplicaStation


class WorkingReplicas:
    """How many replicas of one host work at the moment."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


class ReplicaServer:
    """First come, first served, in batches.

    A free replica takes up to `batch` attempts together. Where fewer wait, it holds until the batch is full, or `wait`
    has passed since the first of them entered. What enters in one instant is taken together.

    A batch takes what the profile says for the number of replicas of the host that work at its start, itself included:
    an approximation, as it neither slows down nor speeds up when others begin or end meanwhile.

    Attributes:
        station: as configured now.
        replicas: that are there, and do not leave after their batch.
        busy: replica-seconds of all batches that began, up to their ends.
        last_end: the second in which the last batch so far ended.
    """

    def __init__(
        self, agenda: Agenda, station: ReplicaStation, working: WorkingReplicas, scatter: Iterator[float]
    ) -> None:
        self.station = station
        self.replicas = self._free = 0
        self.busy = self.last_end = 0.0
        self._agenda = agenda
        self._working = working
        self._scatter = scatter
        self._factors = station.profile.factor_table(station.batch)
        self._queue: deque[ServiceAttempt] = deque()
        self._leaving = 0
        self._dispatch_at = -1.0

    def enter(self, attempt: ServiceAttempt) -> bool:
        """Take an attempt into the queue; False if that is full."""
        capacity, queue = self.station.capacity, self._queue
        if capacity is not None and len(queue) >= capacity:
            return False
        attempt.entered = self._agenda.now
        queue.append(attempt)
        if self._free:
            self._dispatch_soon(self._agenda.now)
        return True

    def withdraw(self, attempt: ServiceAttempt) -> None:
        """Take an attempt out of the queue; a batch that runs cannot be interrupted."""
        if attempt in self._queue:
            self._queue.remove(attempt)

    def add(self, replicas: int) -> None:
        """Replicas that have started up take from the queue."""
        self.replicas += replicas
        self._free += replicas
        self._dispatch_soon(self._agenda.now)

    def remove(self, replicas: int) -> None:
        """Free replicas leave at once, others after their batch."""
        at_once = min(replicas, self._free)
        self.replicas -= replicas
        self._free -= at_once
        self._leaving += replicas - at_once

    def configure(self, station: ReplicaStation) -> None:
        """Batch, wait and profile hold from the next batch on."""
        self.station = station
        self._factors = station.profile.factor_table(station.batch)
        self._dispatch_soon(self._agenda.now)

    def _dispatch_soon(self, second: float) -> None:
        """Once all else of that instant is done; once only."""
        if self._dispatch_at != second:
            self._dispatch_at = second
            self._agenda.at(second, self._dispatch, last=True)

    def _dispatch(self) -> None:
        now, queue = self._agenda.now, self._queue
        self._dispatch_at = -1.0
        while self._free and queue:
            due = queue[0].entered + self.station.wait
            attempts = self._taken(now >= due)
            if not attempts:
                return self._dispatch_soon(due)
            self._start(attempts)
        return None

    def _taken(self, is_due: bool) -> list[ServiceAttempt]:
        """The next batch, out of the queue; nothing where it is neither full nor due."""
        batch, queue = self.station.batch, self._queue
        if len(queue) < batch and not is_due:
            return []
        return [queue.popleft() for _ in range(min(batch, len(queue)))]

    def _start(self, attempts: list[ServiceAttempt]) -> None:
        self._free -= 1
        self._working.count += 1
        for attempt in attempts:
            attempt.started = self._agenda.now
        by_busy = self._factors[len(attempts) - 1]
        factor = by_busy[min(self._working.count, len(by_busy)) - 1]
        alone = sum([attempt.seconds for attempt in attempts])
        seconds = (self.station.profile.start + factor * alone) * next(self._scatter)
        self.busy += seconds
        self._agenda.at(self._agenda.now + seconds, partial(self._end, attempts))

    def _end(self, attempts: list[ServiceAttempt]) -> None:
        self.last_end = self._agenda.now
        self._working.count -= 1
        if self._leaving:
            self._leaving -= 1
        else:
            self._free += 1
            if self._queue:
                self._dispatch_soon(self._agenda.now)
        for attempt in attempts:
            attempt.ended(attempt)
