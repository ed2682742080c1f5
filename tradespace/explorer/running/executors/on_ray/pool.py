"""The workers of an exploration, as it sees them: started when there is work for them, replaced when they are lost."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count as numbers
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from tradespace.errors import ClusterError
from tradespace.explorer.running.executors.on_ray.cluster import living_nodes
from tradespace.explorer.running.executors.on_ray.exchange import ArtefactExchange
from tradespace.explorer.running.executors.on_ray.quiet_node import NODE_LABEL
from tradespace.explorer.running.executors.on_ray.tidying import tidy
from tradespace.explorer.running.executors.on_ray.under_way import BatchUnderWay, Happened, RayWorker
from tradespace.explorer.running.executors.on_ray.worker import CallWorker, NodeOfWorker, WorkerSetup, software
from tradespace.interrupts import interrupt_held_back
from tradespace.search_space.run import WorkerResources

WORKER_PATIENCE = 5.0
"""Seconds that workers of one kind are waited for before idle ones of other kinds make room."""
STARTS = 10
"""Workers that may be lost in a row before they are ready: then something is wrong with all of them."""
COUNTED_FOR = 5.0
"""Seconds for which it is believed how many workers a cluster has room for."""


class WorkerPool:
    """Workers by kind.

    Attributes:
        happened: what is done, in the order it came. What comes of a worker that is gone means nothing.
    """

    def __init__(self, setup: WorkerSetup, most: Callable[[WorkerResources], int], left_alone: str = "") -> None:
        """A pool without workers yet.

        Args:
            setup: what each of them must know; each gets a name of its own.
            most: the most workers of a kind.
            left_alone: the id of a node that is to have none.
        """
        self.happened: SimpleQueue[Happened] = SimpleQueue()
        self._setup, self._count, self._left_alone = setup, most, left_alone
        self._counted: dict[WorkerResources, tuple[int, float]] = {}
        self._workers: defaultdict[WorkerResources, list[RayWorker]] = defaultdict(list)
        self._nodes: set[str] = set()
        self._names = numbers(1)
        self._lost_unready = 0

    @property
    def workers(self) -> list[RayWorker]:
        """All of them, those that are being started included."""
        return [worker for of_kind in self._workers.values() for worker in of_kind]

    def ready(self, kind: WorkerResources) -> list[RayWorker]:
        """Those of a kind that can be sent batches."""
        return [worker for worker in self._workers[kind] if worker.node]

    def most(self, kind: WorkerResources) -> int:
        """The most workers of a kind.

        Raises:
            ClusterError: the cluster has no place for such a worker.
        """
        number, until = self._counted.get(kind, (0, 0.0))
        if time.monotonic() > until:
            number = self._count(kind)
            self._counted[kind] = number, time.monotonic() + COUNTED_FOR
        return number

    def want(self, kind: WorkerResources, waiting: int) -> None:
        """Start workers for batches that wait, where too few have nothing to do.

        Where none gets ready, those of other kinds that have nothing to do give up what they hold.

        Raises:
            ClusterError: the cluster has no place for such a worker.
        """
        of_kind = self._workers[kind]
        lacking = waiting - sum(not worker.under_way for worker in of_kind)
        starting = [worker.started for worker in of_kind if not worker.node]
        if len(starting) == len(of_kind) > 0 and time.monotonic() - min(starting) > WORKER_PATIENCE:
            for other in [each for each in self.workers if each.kind != kind and not each.under_way]:
                self.end(other)
        if lacking > 0:
            for _ in range(min(lacking, self.most(kind) - len(of_kind))):
                self._start(kind)

    def send(self, worker: RayWorker, of: BatchUnderWay, *arguments: Any) -> None:
        """Let a worker make a batch; what comes of it happens some time."""
        self._ask(worker, of, lambda: worker.actor.make.remote(*arguments))

    def meet(self, worker: RayWorker, node: NodeOfWorker) -> None:
        """Take note that a worker is ready, and of where it runs.

        Raises:
            ClusterError: other software is installed there.
        """
        if node.software != software():
            raise ClusterError(
                f"all nodes must have {software()}, as this one has; node {node.name} has {node.software}: install the "
                "same there"
            )
        worker.node, self._lost_unready = node, 0
        self._nodes.add(node.id)

    def lost(self, worker: RayWorker, error: BaseException) -> None:
        """Let go of a worker that died, or that cannot be reached.

        Raises:
            ClusterError: one after the other could not even be started.
        """
        self._lost_unready += worker.node is None
        self.end(worker)
        if self._lost_unready >= STARTS:
            reason = str(error).strip().partition("\n")[0]
            raise ClusterError(f"{STARTS} workers in a row could not be started on the Ray cluster; the last: {reason}")

    def end(self, worker: RayWorker) -> None:
        """End a worker, with whatever it works on."""
        worker.gone = True
        self._workers[worker.kind].remove(worker)
        self._setup.exchange.give_up.remote(worker.name)
        ray.kill(worker.actor)

    def end_busy(self) -> None:
        """End workers that work on what nobody waits for any more: nothing of it disturbs what comes next."""
        for worker in self.workers:
            if worker.under_way:
                self.end(worker)

    def close(self) -> None:
        """End all workers; what lies on their nodes for this exploration alone is removed."""
        for actor in [*(worker.actor for worker in self.workers), self._setup.exchange]:
            ray.kill(actor)
        tidy(self._nodes, self._setup)

    def _start(self, kind: WorkerResources) -> None:
        setup = replace(self._setup, name=str(next(self._names)))
        actor: Any = ray.remote(CallWorker).options(**options_of(kind, self._left_alone)).remote(setup)
        worker = RayWorker(setup.name, kind, actor, time.monotonic())
        self._workers[kind].append(worker)
        self._ask(worker, None, actor.node.remote)

    def _ask(self, worker: RayWorker, of: BatchUnderWay | None, ask: Callable[[], Any]) -> None:
        with interrupt_held_back():  # a callback takes locks
            reference = ask()
            if of is not None:
                worker.under_way[of] = reference
            reference.future().add_done_callback(lambda answer: self.happened.put(Happened(worker, of, answer)))


def new_exchange(folder: Path, node: str) -> Any:
    """Start the exchange of built things on a node, which has them in a folder."""
    stays = NodeAffinitySchedulingStrategy(node, soft=False)
    exchange = ray.remote(ArtefactExchange).options(
        num_cpus=0, max_restarts=-1, max_task_retries=-1, scheduling_strategy=stays
    )
    return exchange.remote(folder)


def options_of(kind: WorkerResources, left_alone: str) -> dict[str, Any]:
    """How Ray is told what a worker needs, and which node it must leave alone."""
    labels = {**kind.labels, **({NODE_LABEL: f"!{left_alone}"} if left_alone else {})}
    selected = {"label_selector": labels} if labels else {}
    return {"num_cpus": kind.num_cpus, "num_gpus": kind.num_gpus, "resources": kind.custom, **selected}


def worker_capacity(kind: WorkerResources, left_alone: str) -> int:
    """How many workers of a kind the nodes hold that are there now, were they empty; one of them may be left alone."""
    nodes = [node for node in living_nodes() if node["NodeID"] != left_alone]
    return sum(_held_by(node["Resources"], node.get("Labels") or {}, kind) for node in nodes)


def _held_by(has: Mapping[str, float], labels: Mapping[str, str], kind: WorkerResources) -> int:
    needs = {"CPU": kind.num_cpus, "GPU": kind.num_gpus, **kind.custom}
    if any(labels.get(name) != value for name, value in kind.labels.items()):
        return 0
    return min((int(has.get(name, 0) / need) for name, need in needs.items() if need), default=1)
