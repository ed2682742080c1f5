"""Replicas for those who have an event loop: no thread waits for a batch."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

from tradespace.components.base import Pipeline
from tradespace.explorer.running.replicas.replica import Replica
from tradespace.explorer.running.replicas.values import BatchAnswered, ReplicaReady
from tradespace.types import Request


async def start_replica(replica: Replica) -> ReplicaReady:
    """Start a replica, in a thread as long as it opens its stages.

    Raises:
        ComponentError: a component could not be opened.
        ReplicaLostError: its process ended instead.
    """
    return await asyncio.to_thread(replica.start)


async def answer_batch(
    replica: Replica, requests: Sequence[Request], pipeline: Pipeline | None = None
) -> BatchAnswered:
    """Have a batch answered, one at a time. Who cancels this must kill the replica: it would still answer.

    Raises:
        ReplicaLostError: its process ended.
    """
    replica.send(requests, pipeline)
    descriptor, loop = replica.fileno(), asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(descriptor, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(descriptor)
        os.set_blocking(descriptor, True)  # uvloop leaves it otherwise: what comes in pieces would look cut off
    return replica.receive()
