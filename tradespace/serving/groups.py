"""A group of stages at work: one queue, and replicas that take batches from it. All of it runs in one event loop."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping

from tradespace.components.base import Component, Pipeline
from tradespace.errors import RequestRefusedError
from tradespace.explorer.running.replicas import ReplicaSetup
from tradespace.search_space.deployment import StageGroup
from tradespace.serving.batching import BatchQueue
from tradespace.serving.keeping import WorkerKeeper
from tradespace.serving.metrics import ServerMetrics
from tradespace.serving.server_settings import ServerSettings
from tradespace.serving.visits import GroupVisit, Visited, WorkedBatch
from tradespace.serving.workers import BatchWorker, ProcessWorker, ServerCalls, ThreadWorker, calls_at_once
from tradespace.types import Request

REMEMBERED_BATCHES = 256


class ServedGroup:
    """Replicas of a group of stages behind one queue.

    Attributes:
        name: of the group.
        queue: what waits; its `batch` and `wait` may be changed at any time.
        keepers: one for each replica; where servers answer the group's calls, one for each thread that waits for them.
        worked: the batches that they answered last.
    """

    def __init__(
        self, group: StageGroup, setup: ReplicaSetup, settings: ServerSettings, metrics: ServerMetrics, name: str = ""
    ) -> None:
        """Starts nothing; `change` does."""
        self.name = name or group.name
        self.queue: BatchQueue[GroupVisit] = BatchQueue(group.batch, group.wait)
        self.keepers: set[WorkerKeeper] = set()
        self.worked: deque[WorkedBatch] = deque(maxlen=REMEMBERED_BATCHES)
        self._settings, self._metrics = settings, metrics
        calls = ServerCalls(setup) if (at_once := calls_at_once(setup)) else None
        self._threads = at_once
        self._new_worker: Callable[[], BatchWorker] = (
            (lambda: ThreadWorker(calls)) if calls else lambda: ProcessWorker(setup)
        )
        self._stages = {pipeline: setup.of(pipeline) for pipeline in setup.pipelines}
        self._idle: deque[asyncio.Future[list[GroupVisit]]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._surplus = 0
        metrics.queued.labels(self.name).set_function(lambda: len(self.queue))
        metrics.replicas.labels(self.name).set_function(lambda: self.open_replicas)

    @property
    def open_replicas(self) -> int:
        """How many of its replicas can take a batch, or work on one."""
        return sum(keeper.is_open for keeper in self.keepers)

    @property
    def at_work(self) -> int:
        """How many of its replicas work on a batch."""
        return max(0, self.open_replicas - sum(not free.done() for free in self._idle))

    def holds(self, pipeline: Pipeline) -> bool:
        """Whether its replicas can be asked for this pipeline."""
        return pipeline in self._stages

    def stages_of(self, pipeline: Pipeline) -> Mapping[str, Component]:
        """Those stages of a pipeline that it answers.

        Raises:
            KeyError: its replicas do not hold the pipeline.
        """
        return self._stages[pipeline]

    async def ask(self, request: Request, pipeline: Pipeline) -> Visited:
        """Queue up, and wait for the answer. Whoever is cancelled leaves the queue.

        Those that queue up in one turn of the event loop, as the requests of a batch do that ends elsewhere, are handed
        out together.

        Raises:
            RequestRefusedError: as many wait already as may.
            ComponentError: it failed, or two replicas died over it.
        """
        if len(self.queue) >= self._settings.queue:
            raise RequestRefusedError(f"{len(self.queue)} requests wait for {self.name} already: ask again later")
        loop, kind = asyncio.get_running_loop(), tuple(self._stages[pipeline].values())
        visit = GroupVisit(request, pipeline, kind, time.monotonic(), loop.create_future())
        self.queue.enter(visit, visit.entered)
        loop.call_soon(self._hand_out)
        try:
            return await visit.answer
        finally:
            self.queue.leave(visit)

    def ask_again(self, visits: list[GroupVisit]) -> None:
        """Have visits answered whose replica died, before all others."""
        now = time.monotonic()
        for visit in reversed(visits):
            self.queue.enter_first(visit, now)
        self._hand_out()

    def note(self, batch: WorkedBatch) -> None:
        """Take note of what a batch took."""
        self.worked.append(batch)

    def next_batch(self) -> asyncio.Future[list[GroupVisit]]:
        """The next batch, once there is one; an empty one tells a replica that it is one too many, and may end."""
        free: asyncio.Future[list[GroupVisit]] = asyncio.get_running_loop().create_future()
        if self._surplus:
            self._surplus -= 1
            free.set_result([])
        else:
            self._idle.append(free)
            self._hand_out()
        return free

    def change(self, group: StageGroup) -> None:
        """Go on with other batches, another wait, and as many replicas as this says. Calls of servers are limited by
        the settings of their models instead."""
        self.queue.batch, self.queue.wait = group.batch, group.wait
        self._resize(self._threads or group.replicas)
        self._hand_out()

    def _resize(self, replicas: int) -> None:
        """Have so many replicas. New ones join once they are open; those that are too many end after their batch."""
        more = replicas - (len(self.keepers) - self._surplus)
        kept = min(self._surplus, max(0, more))
        self._surplus += max(0, -more) - kept
        for _ in range(more - kept):
            keeper = WorkerKeeper(self.name, self._new_worker(), self, self._settings, self._metrics)
            self.keepers.add(keeper)
            keeper.begin(self.keepers.discard)
        while self._surplus and (free := self._free_replica()):
            self._surplus -= 1
            free.set_result([])

    def _hand_out(self, due: float = 0.0) -> None:
        """Give batches to free replicas, as many as are full, or due by now (or by a timer that was set for then)."""
        now = max(time.monotonic(), due)
        free = self._free_replica()
        while free and (batch := self.queue.take(now)):
            free.set_result(batch)
            free = self._free_replica()
        if free:
            self._idle.appendleft(free)
        self._wait_for(self.queue.due if free else None, now)

    def _wait_for(self, due: float | None, now: float) -> None:
        if self._timer:
            self._timer.cancel()
        later = asyncio.get_running_loop().call_later
        self._timer = None if due is None else later(max(0.0, due - now), self._hand_out, due)

    def _free_replica(self) -> asyncio.Future[list[GroupVisit]] | None:
        """Where a free replica waits for its batch; those that ended while they waited are passed over."""
        while self._idle:
            free = self._idle.popleft()
            if not free.done():
                return free
        return None
