"""Batches that are handed over together, on their way through the workers."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from itertools import islice
from pickle import PicklingError
from queue import Empty
from typing import Any

import ray

from tradespace.components.threads import DaemonThreads
from tradespace.explorer.running.executors.base import BatchesMade, CallBatch, MadeBatch
from tradespace.explorer.running.executors.in_process import InProcess
from tradespace.explorer.running.executors.on_ray.pool import WorkerPool
from tradespace.explorer.running.executors.on_ray.sending import BatchSender
from tradespace.explorer.running.executors.on_ray.under_way import BatchUnderWay, Happened, RayWorker
from tradespace.interrupts import interrupt_held_back
from tradespace.plurals import count
from tradespace.search_space.run import WorkerResources
from tradespace.types import Failure, Outcome, Timed

WINDOW = 8
"""Batches that are taken for each worker before the first of them is made: who takes long for it holds up nobody."""
AHEAD, AHEAD_SECONDS = 4, 0.1
"""Batches that a worker may have, and the seconds before it is expected to be done with all of them from which on it is
sent another: the way there and back must not count, and long batches go to whoever is free. Whoever is late by more
seconds than that gets none."""
LOSSES = 4
"""Workers that may be lost at work on a batch: then it is taken to be what ends them."""
SLOW, SLOW_SECONDS = 2.0, 1.0
"""How many times longer than others of its component a batch may take, and the least that is long, in seconds: then a
worker on another node that has nothing to do makes it too."""
LOOK = 0.5
"""Seconds between two looks at what takes long."""
LOOKED_AT = 32
"""Batches that wait among which one is looked for whose component a worker has opened already."""
Returned = Sequence[Outcome | Timed | Failure]


class Making:
    """Makes the batches of one source."""

    def __init__(
        self,
        pool: WorkerPool,
        sender: BatchSender,
        here: InProcess,
        kind_of: Callable[[CallBatch], WorkerResources | None],
        source: Iterator[CallBatch],
    ) -> None:
        self._pool, self._sender, self._here, self._kind_of, self._source = pool, sender, here, kind_of, source
        self._unfinished: dict[int, BatchUnderWay] = {}
        self._waiting: dict[WorkerResources, deque[BatchUnderWay]] = {}
        self._waiting_here: deque[BatchUnderWay] = deque()
        self._finished: deque[MadeBatch] = deque()
        self._taken, self._ended, self._busy_here = 0, False, False
        self._looked = time.monotonic()

    def run(self) -> BatchesMade:
        """Make all of them, and give each when it is made."""
        while self._take() or self._finished:
            if self._hand_out():
                continue  # there may be place for more
            if not self._finished:
                self._await()
            while self._finished:
                yield self._finished.popleft()

    def _take(self) -> bool:
        """Take batches as long as they are begun soon, and say whether any is left to be made."""
        while not self._ended and self._has_place:
            batch = next(self._source, None)
            if batch is None:
                self._ended = True
                break
            under_way = BatchUnderWay(self._taken, batch, self._kind_of(batch))
            self._unfinished[self._taken] = under_way
            self._taken += 1
            self._queue(under_way).append(under_way)
        return bool(self._unfinished)

    @property
    def _has_place(self) -> bool:
        """Whether another batch may be taken. No more wait than there are workers: the time may be up before they
        begin. What this process makes is paid for by the call: nothing is taken behind it."""
        waiting = sum(map(len, self._waiting.values()))
        since_first = self._taken - next(iter(self._unfinished), self._taken)
        most_waiting = max(map(self._pool.most, self._waiting), default=1)
        window = WINDOW * max(2, len(self._pool.workers))
        return not self._waiting_here and waiting < most_waiting and since_first < window

    def _queue(self, under_way: BatchUnderWay) -> deque[BatchUnderWay]:
        return self._waiting_here if under_way.kind is None else self._waiting.setdefault(under_way.kind, deque())

    def _hand_out(self) -> bool:
        """Give batches that wait to whoever is free; say whether a worker was given any."""
        if self._waiting_here and not self._busy_here:
            self._begin_here(self._waiting_here.popleft())
        given = False
        for kind, waiting in self._waiting.items():
            if waiting:
                self._pool.want(kind, len(waiting))
            free = deque(self._free(kind) if waiting else ())
            while waiting and free:
                worker = free.popleft()
                self._send(worker, _chosen(worker, waiting))
                given = True
                if worker.has_room(time.monotonic()):
                    free.append(worker)
        return given

    def _begin_here(self, under_way: BatchUnderWay) -> None:
        self._busy_here = True
        with interrupt_held_back():  # a callback takes locks
            made = DaemonThreads().submit(self._here.outcomes, under_way.batch)
            made.add_done_callback(lambda answer: self._pool.happened.put(Happened(None, under_way, answer)))

    def _free(self, kind: WorkerResources) -> list[RayWorker]:
        """The workers that can be sent more, those first that have least to do."""
        now = time.monotonic()
        free = [worker for worker in self._pool.ready(kind) if worker.has_room(now)]
        return sorted(free, key=lambda worker: len(worker.under_way))

    def _note_room(self, worker: RayWorker) -> None:
        """Foretell when a worker can be sent more, now that something else is under way on it."""
        seconds = [self._sender.expected(each.batch) for each in worker.under_way]
        if not seconds:
            worker.room = 0.0, math.inf
        elif len(seconds) >= AHEAD:
            worker.room = math.inf, math.inf
        else:
            done = worker.since + sum(math.inf if each is None else each for each in seconds)
            worker.room = done - AHEAD_SECONDS, done + AHEAD_SECONDS

    def _send(self, worker: RayWorker, under_way: BatchUnderWay) -> None:
        try:
            arguments = self._sender.sent(under_way.batch)
        except (PicklingError, AttributeError, TypeError) as error:
            problem = (
                f"cannot be sent to another process: its class must stand in a module that can be imported ({error})"
            )
            self._fail(under_way, f"{under_way.batch.component!r} {problem}")
            return
        under_way.sent = under_way.sent if under_way.workers else time.monotonic()
        under_way.workers.append(worker)
        worker.opened.add(under_way.batch.component)
        if not worker.under_way:
            worker.since = time.monotonic()
        self._pool.send(worker, under_way, *arguments)
        self._note_room(worker)

    def _await(self) -> None:
        """Wait until something happens; now and then, look at what takes long."""
        with suppress(Empty):
            self._after(self._pool.happened.get(timeout=self._patience()))
        if time.monotonic() - self._looked > LOOK:
            self._looked = time.monotonic()
            self._look()

    def _patience(self) -> float:
        """Seconds until there is something to do, if nothing happens."""
        now = time.monotonic()
        soon = [
            worker.room[0] - now
            for kind, waiting in self._waiting.items()
            if waiting
            for worker in self._pool.ready(kind)
            if worker.room[0] > now
        ]
        return min([LOOK, *soon])

    def _after(self, happened: Happened) -> None:
        worker, of, answer = happened
        if worker is None:
            assert of is not None
            self._busy_here = False
            self._finish(of, answer.result())
        elif not worker.gone:
            try:
                self._answered(worker, of, answer)
            except ray.exceptions.RayError as error:
                self._lost(worker, error)

    def _answered(self, worker: RayWorker, of: BatchUnderWay | None, answer: Future[Any]) -> None:
        """Take an answer of a worker.

        Raises:
            ray.exceptions.RayError: the worker was lost.
        """
        if of is None:
            self._pool.meet(worker, answer.result())
            return
        try:
            outcomes = self._sender.received(of.batch, answer.result())
        except ray.exceptions.RayTaskError as error:
            outcomes = _failed(of.batch, f"{of.batch.component!r} raised {error.cause!r} on its worker")
        del worker.under_way[of]
        worker.since = time.monotonic()
        self._note_room(worker)
        self._finish(of, outcomes)

    def _finish(self, under_way: BatchUnderWay, outcomes: Returned) -> None:
        """A batch is made; where two workers made it, the first answer counts."""
        if self._unfinished.pop(under_way.place, None):
            self._finished.append(MadeBatch(under_way.batch, outcomes))

    def _fail(self, under_way: BatchUnderWay, problem: str) -> None:
        self._finish(under_way, _failed(under_way.batch, problem))

    def _lost(self, worker: RayWorker, error: BaseException) -> None:
        """Give what a worker had to others; the first of it is what it worked on."""
        had = [each for each in worker.under_way if each.place in self._unfinished]
        for under_way in reversed(had):
            under_way.workers.remove(worker)
            under_way.lost += under_way is had[0]
            if under_way.lost >= LOSSES:
                where = f" on node {worker.node.name}" if worker.node else ""
                lost = f"{count(LOSSES, 'worker')} were lost while they worked on it, the last{where}"
                self._fail(under_way, f"{under_way.batch.component!r}: {lost} ({_first_line(error)})")
            elif not under_way.workers:
                self._queue(under_way).appendleft(under_way)
        self._pool.lost(worker, error)

    def _look(self) -> None:
        """Let idle workers make what takes too long elsewhere, when nothing else is left; say what is waited for."""
        for kind, waiting in self._waiting.items():
            if waiting and not self._pool.ready(kind):
                self._here.opened_components.working("starting workers")
        if self._ended and not any(self._waiting.values()):
            now = time.monotonic()
            for under_way in [each for each in self._unfinished.values() if self._is_slow(each, now)]:
                if helper := self._helper(under_way):
                    self._send(helper, under_way)

    def _is_slow(self, under_way: BatchUnderWay, now: float) -> bool:
        expected = self._sender.expected(under_way.batch)
        alone = len(under_way.workers) == 1 and expected is not None
        return alone and now - under_way.sent > max(SLOW * (expected or 0.0), SLOW_SECONDS)

    def _helper(self, under_way: BatchUnderWay) -> RayWorker | None:
        nodes = {worker.node.id for worker in under_way.workers if worker.node}
        idle = [each for each in self._pool.ready(under_way.kind) if not each.under_way] if under_way.kind else []
        return next((each for each in idle if each.node and each.node.id not in nodes), None)


def _chosen(worker: RayWorker, waiting: deque[BatchUnderWay]) -> BatchUnderWay:
    """The first that waits whose component a worker has opened, or else the first."""
    known = (each for each in islice(waiting, LOOKED_AT) if each.batch.component in worker.opened)
    chosen = next(known, waiting[0])
    waiting.remove(chosen)
    return chosen


def _failed(batch: CallBatch, problem: str) -> Returned:
    return [Failure(problem)] * len(batch.requests)


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
