"""What is under way on a cluster: workers, batches, and what happened to them."""

from __future__ import annotations

import math
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tradespace.components.base import Component
from tradespace.explorer.running.executors.base import CallBatch
from tradespace.explorer.running.executors.on_ray.worker import NodeOfWorker
from tradespace.search_space.run import WorkerResources


@dataclass(eq=False)
class RayWorker:
    """A worker: an actor on some node.

    Attributes:
        kind: what it has of its node.
        started: when it was asked for, in the clock's seconds.
        node: where it runs; None until it is ready.
        opened: the components whose batches it was sent.
        under_way: what it was sent, in order, each with the reference to what comes of it.
        since: when it began the first of that, in the clock's seconds.
        room: from when until when it can be sent more, in the clock's seconds.
        gone: whether it was lost, or ended.
    """

    name: str
    kind: WorkerResources
    actor: Any
    started: float
    node: NodeOfWorker | None = None
    opened: set[Component] = field(default_factory=set)
    under_way: dict[BatchUnderWay, Any] = field(default_factory=dict)
    since: float = 0.0
    room: tuple[float, float] = (0.0, math.inf)
    gone: bool = False

    def has_room(self, now: float) -> bool:
        """Whether it can be sent more."""
        first, last = self.room
        return first <= now <= last


@dataclass(eq=False)
class BatchUnderWay:
    """A batch that was taken, and is not made yet.

    Attributes:
        place: which of those that were taken it is.
        kind: what a worker needs for it; None where this process makes it.
        workers: those that have it: two where the first takes long.
        sent: when the first of them was sent it, in the clock's seconds.
        lost: how many workers were lost that worked on it.
    """

    place: int
    batch: CallBatch
    kind: WorkerResources | None
    workers: list[RayWorker] = field(default_factory=list)
    sent: float = 0.0
    lost: int = 0


class Happened(NamedTuple):
    """Something is done, or failed.

    Attributes:
        worker: whose answer it is; None for this process.
        of: the batch that it made; None where the worker says that it is ready.
    """

    worker: RayWorker | None
    of: BatchUnderWay | None
    answer: Future[Any]
