"""Keeping a replica at work: it is started, handed batch after batch, and started again when it dies."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from tradespace.errors import ComponentError, ReplicaLostError
from tradespace.explorer.running.replicas import Replica, ReplicaSetup
from tradespace.explorer.running.replicas.asynchronous import answer_batch, start_replica
from tradespace.serving.metrics import ServerMetrics
from tradespace.serving.server_settings import ServerSettings
from tradespace.serving.visits import GroupVisit

_LOG = logging.getLogger(__name__)
PAUSES = (0.0, 1.0, 5.0, 15.0, 30.0)
"""Seconds before a replica is started again: after the first time that it ended, the second in a row …"""


class Batches(Protocol):
    """Where a replica gets its work."""

    def next_batch(self) -> asyncio.Future[list[GroupVisit]]:
        """The next batch, once there is one; an empty one says that the replica may end."""

    def ask_again(self, visits: list[GroupVisit]) -> None:
        """Take back what it could not answer."""


class ReplicaKeeper:
    """Keeps one replica of a group at work.

    Attributes:
        is_open: whether its replica can take a batch, or works on one.
        opened: is set when it was open for the first time; what the replica could not open is its exception.
    """

    def __init__(
        self, group: str, setup: ReplicaSetup, batches: Batches, settings: ServerSettings, metrics: ServerMetrics
    ) -> None:
        """Starts nothing; `begin` does."""
        self.is_open = False
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.opened.add_done_callback(lambda opened: opened.cancelled() or opened.exception())
        self._replica = Replica(setup)
        self._batches, self._settings = batches, settings
        self._busy, self._sizes = metrics.busy.labels(group), metrics.batches.labels(group)
        self._restarts = metrics.restarts.labels(group)
        self._ended_in_a_row = 0
        self._task: asyncio.Task[None] | None = None

    def begin(self, at_its_end: Callable[[ReplicaKeeper], None]) -> None:
        """Start the replica, and go on in the background until `end` or until it is one too many."""
        self._task = asyncio.create_task(self._keep())
        self._task.add_done_callback(lambda _: at_its_end(self))

    async def end(self) -> None:
        """End the replica, whatever it works on."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        await asyncio.to_thread(self._replica.kill)

    async def _keep(self) -> None:
        while True:
            try:
                await self._start()
                await self._work()
            except ReplicaLostError as lost:
                self.is_open = False
                self._restarts.inc()
                _LOG.warning("%s", lost)
                await asyncio.sleep(PAUSES[min(self._ended_in_a_row, len(PAUSES) - 1)])
                self._ended_in_a_row += 1
            else:
                break
        self.is_open = False
        await asyncio.to_thread(self._replica.stop)

    async def _start(self) -> None:
        """Start the replica.

        Raises:
            ReplicaLostError: it ended, or could not open its stages.
        """
        try:
            await start_replica(self._replica)
        except ComponentError as error:
            if not self.opened.done():
                self.opened.set_exception(error)
            raise ReplicaLostError(str(error)) from error
        self.is_open = True
        if not self.opened.done():
            self.opened.set_result(None)

    async def _work(self) -> None:
        """Take batches until it is told to end.

        Raises:
            ReplicaLostError: it ended.
        """
        while batch := await self._next_batch():
            await self._answer(batch)
            self._ended_in_a_row = 0

    async def _next_batch(self) -> list[GroupVisit]:
        """Wait for a batch, or for the replica to end meanwhile.

        Raises:
            ReplicaLostError: it ended.
        """
        batch, loop, descriptor = self._batches.next_batch(), asyncio.get_running_loop(), self._replica.fileno()

        def ended() -> None:
            if not batch.done():
                batch.set_exception(ReplicaLostError("a replica ended while it was idle"))

        loop.add_reader(descriptor, ended)
        try:
            return await batch
        finally:
            loop.remove_reader(descriptor)

    async def _answer(self, batch: list[GroupVisit]) -> None:
        """Have a batch answered. If the replica dies over it, others get it once.

        Raises:
            ReplicaLostError: it ended.
        """
        start = asyncio.get_running_loop().time()
        for visit in batch:
            visit.taken = start
        self._sizes.observe(len(batch))
        try:
            async with asyncio.timeout(self._settings.seconds):
                answered = await answer_batch(self._replica, [visit.request for visit in batch], batch[0].pipeline)
        except TimeoutError:
            await asyncio.to_thread(self._replica.kill)
            self._give_back(batch)
            raise ReplicaLostError(f"a replica worked on one batch for {self._settings.seconds:g} s: killed") from None
        except ReplicaLostError:
            self._give_back(batch)
            raise
        self._busy.inc(answered.seconds)
        for visit, result, ranking in zip(batch, answered.results, answered.rankings, strict=True):
            visit.end(result, ranking, answered.spans)

    def _give_back(self, batch: list[GroupVisit]) -> None:
        again = [visit for visit in batch if not visit.orphaned and not visit.answer.done()]
        for visit in batch:
            if visit.orphaned:
                visit.fail(ComponentError("two replicas ended while they worked on this request"))
            visit.orphaned = True
        self._batches.ask_again(again)
