"""What answers batches: a replica in a process of its own, or a thread that waits for somebody else's server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Protocol

from tradespace.components.base import Component, Pipeline
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replayed_calls import is_remote
from tradespace.explorer.running.replicas import BatchAnswered, Replica, ReplicaSetup
from tradespace.explorer.running.replicas.asynchronous import answer_batch, start_replica
from tradespace.explorer.running.replicas.batch_run import UnrecordedCalls, run_batch
from tradespace.explorer.running.warming import warm_up
from tradespace.types import Request


class BatchWorker(Protocol):
    """Answers one batch at a time."""

    async def start(self) -> None:
        """Open its stages, the first time or again.

        Raises:
            ComponentError: a component could not be opened.
            ReplicaLostError: it ended instead.
        """

    async def answer(self, requests: Sequence[Request], pipeline: Pipeline) -> BatchAnswered:
        """Answer a batch. Whoever cancels this must `kill` it.

        Raises:
            ReplicaLostError: it ended.
        """

    def watch(self, ended: Callable[[], None]) -> Callable[[], None]:
        """Call `ended` when it ends while it has no batch; gives what ends the watch."""

    async def stop(self) -> None:
        """End it, after its batch."""

    async def kill(self) -> None:
        """End it at once. It may be started again."""


class ProcessWorker:
    """A replica in a process of its own."""

    def __init__(self, setup: ReplicaSetup) -> None:
        self._replica = Replica(setup)

    async def start(self) -> None:
        """Start the process, and wait until it has opened its stages."""
        await start_replica(self._replica)

    async def answer(self, requests: Sequence[Request], pipeline: Pipeline) -> BatchAnswered:
        """Answer a batch."""
        return await answer_batch(self._replica, requests, pipeline)

    def watch(self, ended: Callable[[], None]) -> Callable[[], None]:
        """A process that ends closes its connection, which can be read then."""
        loop, descriptor = asyncio.get_running_loop(), self._replica.fileno()
        loop.add_reader(descriptor, ended)

        def end_watch() -> None:
            loop.remove_reader(descriptor)

        return end_watch

    async def stop(self) -> None:
        """End the process, after its batch."""
        await asyncio.to_thread(self._replica.stop)

    async def kill(self) -> None:
        """End the process."""
        await asyncio.to_thread(self._replica.kill)


class ServerCalls:
    """Stages whose calls servers answer, opened once in this process for all threads that wait for them."""

    def __init__(self, setup: ReplicaSetup) -> None:
        self.setup = setup
        self.threads = ThreadPoolExecutor(1024, "calls of servers")  # as many as there are workers, no more
        self._opened = OpenedComponents(setup.documents, setup.artefacts)
        self._answers = UnrecordedCalls.of(self._opened)
        self._opening = Lock()
        self._open: set[Pipeline] = set()

    def open(self) -> None:
        """Open all pipelines, unless that was done.

        Raises:
            ComponentError: a component could not be opened.
        """
        with self._opening:
            for pipeline in set(self.setup.pipelines) - self._open:
                corpus = self._opened.corpus(pipeline)
                warm_up(self.setup.of(pipeline).values(), corpus, self._opened.operators_for(corpus))
                self._open.add(pipeline)

    def answer(self, requests: Sequence[Request], pipeline: Pipeline) -> BatchAnswered:
        """Answer a batch."""
        return run_batch(self.setup.of(pipeline), requests, self._opened.corpus(pipeline), self._answers)


class ThreadWorker:
    """A thread that waits for the calls of one batch at a time."""

    def __init__(self, calls: ServerCalls) -> None:
        self._calls = calls

    async def start(self) -> None:
        """Open the stages, if they are not open yet."""
        await asyncio.get_running_loop().run_in_executor(self._calls.threads, self._calls.open)

    async def answer(self, requests: Sequence[Request], pipeline: Pipeline) -> BatchAnswered:
        """Answer a batch."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._calls.threads, self._calls.answer, requests, pipeline)

    def watch(self, ended: Callable[[], None]) -> Callable[[], None]:
        """A thread does not end."""
        return lambda: None

    async def stop(self) -> None:
        """Nothing has to be ended."""

    async def kill(self) -> None:
        """A thread cannot be ended; its calls end by their own timeouts."""


def asks_a_server(component: Component) -> bool:
    """Whether a server answers calls of a component, or of one among its settings."""
    return any(map(is_remote, component.parts()))


def calls_at_once(setup: ReplicaSetup) -> int:
    """How many requests at a time may ask the servers of a group, where servers answer all of its stages; else 0."""
    components = [component for pipeline in setup.pipelines for component in setup.of(pipeline).values()]
    if not components or not all(map(asks_a_server, components)):
        return 0
    models = [part for component in components for part in component.parts() if is_remote(part)]
    return max(int(model.settings.get("concurrency", 1)) for model in models)
