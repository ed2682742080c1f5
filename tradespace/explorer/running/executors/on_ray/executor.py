"""Making calls on the nodes of a Ray cluster."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import ray

from tradespace.components.base import Component
from tradespace.components.threads import cores
from tradespace.errors import ClusterError
from tradespace.explorer.running.executors.base import BatchesMade, CallBatch, Executor, ExecutorOf
from tradespace.explorer.running.executors.in_process import InProcess
from tradespace.explorer.running.executors.on_ray.cluster import connected
from tradespace.explorer.running.executors.on_ray.making import Making
from tradespace.explorer.running.executors.on_ray.pool import WorkerPool, new_exchange, worker_capacity
from tradespace.explorer.running.executors.on_ray.quiet_node import QuietNode
from tradespace.explorer.running.executors.on_ray.sending import BatchSender
from tradespace.explorer.running.executors.on_ray.worker import WorkerSetup
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replayed_calls import is_remote
from tradespace.search_space.run import RunSection, WorkerResources

SHARED_VARIABLES = ("HF_HUB_OFFLINE", "TOKENIZERS_PARALLELISM")
"""Variables of the environment that workers are given: none that holds a key."""


def on_ray(run: RunSection) -> ExecutorOf:
    """Calls are made on a Ray cluster, as a specification says."""

    @contextmanager
    def executor(opened_components: OpenedComponents) -> Iterator[Executor]:
        with connected(_cpus(run)):
            made = RayExecutor(opened_components, run)
            try:
                yield made
            finally:
                made.close()

    return executor


def _cpus(run: RunSection) -> float:
    """The cores that a cluster on this machine gives out: those it has, or as many as the workers are to have."""
    if not run.workers:
        return cores()
    return run.workers * max(kind.num_cpus for kind in (WorkerResources(), *run.resources.values()))


class RayExecutor:
    """Calls components that workers have opened; this process is connected to Ray.

    What a server answers is asked from here, one batch at a time: its limits, and what is learnt of it, hold for the
    whole cluster, and no key leaves this process.
    """

    def __init__(self, opened_components: OpenedComponents, run: RunSection) -> None:
        self._here, self._run = InProcess(opened_components), run
        node = ray.get_runtime_context().get_node_id()
        folder = opened_components.folder.absolute()
        told = {name: os.environ[name] for name in SHARED_VARIABLES if name in os.environ}
        setup = WorkerSetup("", uuid4().hex, node, folder, new_exchange(folder, node), told)
        self._sender = BatchSender()
        self.elsewhere = QuietNode(run.timing, setup, self._sender) if run.timing else None
        self._left_alone = self.elsewhere.id if self.elsewhere else ""
        self._pool = WorkerPool(setup, self._most, self._left_alone)
        self._kinds: dict[Component, WorkerResources | None] = {}

    def make(self, batches: Iterable[CallBatch]) -> BatchesMade:
        """Make batches on workers, each on one that is free.

        Raises:
            ClusterError: the cluster has no place for a worker, or none can be started.
        """
        try:
            yield from Making(self._pool, self._sender, self._here, self._kind_of, iter(batches)).run()
        finally:
            self._pool.end_busy()

    def close(self) -> None:
        """End all workers."""
        if self.elsewhere:
            self.elsewhere.close()
        self._pool.close()

    def _kind_of(self, batch: CallBatch) -> WorkerResources | None:
        """What a worker needs for a batch; None where this process makes it."""
        component = batch.component
        if component not in self._kinds:
            here = any(map(is_remote, component.parts()))
            self._kinds[component] = None if here else self._run.resources_of(component)
        return self._kinds[component]

    def _most(self, kind: WorkerResources) -> int:
        """The most workers of a kind.

        Raises:
            ClusterError: the cluster has no place for one, and nobody said that there will be one.
        """
        if self._run.workers:
            return self._run.workers
        places = worker_capacity(kind, self._left_alone)
        if not places and not self._pool.workers:
            raise ClusterError(
                f"no node of the Ray cluster has what a worker needs ({kind!r}): ask for less in the section `run`; "
                "or, if such a node is going to join, say how many `workers` there are to be"
            )
        return max(1, places)  # nodes come and go
