"""Keeping a worker at work: it is started, handed batch after batch, and started again when it dies."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Protocol

from tradespace.errors import ComponentError, ReplicaLostError
from tradespace.serving.metrics import ServerMetrics
from tradespace.serving.server_settings import ServerSettings
from tradespace.serving.visits import GroupVisit, WorkedBatch
from tradespace.serving.workers import BatchWorker

_LOG = logging.getLogger(__name__)
PAUSES = (0.0, 1.0, 5.0, 15.0, 30.0)
"""Seconds before a replica is started again: after the first time that it ended, the second in a row …"""


class Batches(Protocol):
    """Where a worker gets its batches."""

    def next_batch(self) -> asyncio.Future[list[GroupVisit]]:
        """The next batch, once there is one; an empty one says that the replica may end."""

    def ask_again(self, visits: list[GroupVisit]) -> None:
        """Take back what it could not answer."""

    def note(self, batch: WorkedBatch) -> None:
        """Take note of what a batch took."""


class WorkerKeeper:
    """Keeps one worker of a group at work: a replica, or a thread that asks a server.

    Attributes:
        is_open: whether the worker can take a batch, or works on one.
        opened: is done when it was open for the first time; what it could not open is its exception.
    """

    def __init__(
        self, group: str, worker: BatchWorker, batches: Batches, settings: ServerSettings, metrics: ServerMetrics
    ) -> None:
        """Starts nothing; `begin` does."""
        self.is_open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.opened.add_done_callback(lambda opened: opened.cancelled() or opened.exception())
        self._worker, self._batches, self._settings = worker, batches, settings
        self._busy, self._sizes = metrics.busy.labels(group), metrics.batches.labels(group)
        self._restarts = metrics.restarts.labels(group)
        self._ended_in_a_row = 0
        self._task: asyncio.Task[None] | None = None

    def begin(self, at_its_end: Callable[[WorkerKeeper], None]) -> None:
        """Start the worker, and go on in the background until `end`, or until it is one too many."""
        self._task = asyncio.create_task(self._keep())
        self._task.add_done_callback(lambda _: at_its_end(self))

    async def end(self) -> None:
        """End the worker, whatever it works on."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._worker.kill()

    async def _keep(self) -> None:
        while True:
            try:
                await self._start()
                await self._work()
                break
            except ReplicaLostError as lost:
                self.is_open = False
                self._restarts.inc()
                _LOG.warning("%s", lost)
                await asyncio.sleep(PAUSES[min(self._ended_in_a_row, len(PAUSES) - 1)])
                self._ended_in_a_row += 1
        self.is_open = False
        await self._worker.stop()

    async def _start(self) -> None:
        """Start the worker.

        Raises:
            ReplicaLostError: it ended, or could not open its stages.
        """
        try:
            await self._worker.start()
        except ComponentError as error:
            if not self.opened.done():
                self.opened.set_exception(error)
            raise ReplicaLostError(str(error)) from error
        self.is_open = True
        if not self.opened.done():
            self.opened.set_result(None)

    async def _work(self) -> None:
        """Have batches answered until it is told to end.

        Raises:
            ReplicaLostError: it ended by itself.
        """
        while batch := await self._next_batch():
            await self._answer([visit for visit in batch if not visit.answer.done()])

    async def _next_batch(self) -> list[GroupVisit]:
        """Wait for a batch, or for the worker to end meanwhile.

        Raises:
            ReplicaLostError: it ended.
        """
        batch = self._batches.next_batch()

        def ended() -> None:
            if not batch.done():
                batch.set_exception(ReplicaLostError("a replica ended while it was idle: it is started again"))

        end_watch = self._worker.watch(ended)
        try:
            return await batch
        finally:
            end_watch()

    async def _answer(self, batch: list[GroupVisit]) -> None:
        """Have a batch answered. If the worker ends over it, others get the batch, once.

        Raises:
            ReplicaLostError: it ended.
        """
        if not batch:
            return
        start = time.monotonic()
        for visit in batch:
            visit.taken = start
        self._sizes.observe(len(batch))
        try:
            async with asyncio.timeout(self._settings.seconds):
                answered = await self._worker.answer([visit.request for visit in batch], batch[0].pipeline)
        except (TimeoutError, ReplicaLostError) as error:
            self._batches.ask_again(_once_more(batch))
            await self._worker.kill()
            hung = f"a replica worked on one batch for {self._settings.seconds:g} s, and was ended"
            raise ReplicaLostError(str(error) or hung) from None
        self._ended_in_a_row = 0
        self._busy.inc(answered.seconds)
        self._batches.note(WorkedBatch(batch[0].pipeline, len(batch), answered.seconds))
        for place, visit in enumerate(batch):
            visit.end(answered, place)


def _once_more(batch: list[GroupVisit]) -> list[GroupVisit]:
    """Those visits of a batch that may be asked again; the others, over which a second worker ended, fail."""
    for visit in batch:
        if visit.orphaned:
            visit.fail(ComponentError("two replicas ended while they worked on this request"))
        visit.orphaned = True
    return [visit for visit in batch if not visit.answer.done()]
