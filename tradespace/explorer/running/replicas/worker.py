"""The program that a replica runs: it opens its stages, says so, and then answers one batch after the other.

    python -m tradespace.explorer.running.replicas.worker FILE_DESCRIPTOR

It talks to the process that started it by pickled values, and ends with it, however that ends.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import sys
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from threading import Thread

from tradespace.components.base import Pipeline
from tradespace.errors import ComponentError, TradespaceError
from tradespace.explorer.running.jobs import TokensUsed
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replicas.batch_run import UnrecordedCalls, run_batch
from tradespace.explorer.running.replicas.values import NOT_IMPORTABLE, Batch, BatchAnswered, ReplicaReady, ReplicaSetup
from tradespace.explorer.running.warming import warm_up
from tradespace.interrupts import ignore_interrupts
from tradespace.types import Failure

HUNG_UP = getattr(select, "POLLRDHUP", 0) | select.POLLHUP
"""What is told of a connection whose other end is closed; Linux tells it before all that was sent is read."""


def main() -> None:
    """Serve until the other end of the connection is closed."""
    started = time.perf_counter()
    ignore_interrupts()  # whoever started it decides when it ends
    os.dup2(2, 1)  # what components print is no result
    descriptor = int(sys.argv[1])
    os.set_inheritable(descriptor, False)
    Thread(target=_end_with, args=(descriptor,), daemon=True).start()
    with Connection(descriptor) as connection:
        try:
            worker = ReplicaWorker(_received(connection))
        except TradespaceError as error:
            connection.send(Failure(str(error)))
            return
        connection.send(ReplicaReady(time.perf_counter() - started))
        while (batch := connection.recv()) is not None:
            connection.send(worker.answer(batch))


class ReplicaWorker:
    """Opened stages of pipelines."""

    def __init__(self, setup: ReplicaSetup) -> None:
        """Opens and warms up all pipelines, if it is told so.

        Raises:
            ComponentError: a component could not be opened.
        """
        self._setup = setup
        self._opened = OpenedComponents(setup.documents, setup.artefacts)
        self._answers = UnrecordedCalls.of(self._opened)
        self._warm: set[Pipeline] = set()
        if setup.preload:
            for pipeline in setup.pipelines:
                self._prepare(pipeline)

    def answer(self, batch: Batch) -> BatchAnswered:
        """Answer a batch. What goes wrong with its pipeline as a whole is a failure of each of its requests."""
        began = time.perf_counter()
        pipeline = self._setup.pipelines[batch.pipeline]
        try:
            self._prepare(pipeline)
            corpus = self._opened.corpus(pipeline)
            answered = run_batch(self._setup.of(pipeline), batch.requests, corpus, self._answers)
        except TradespaceError as error:
            failed = (Failure(str(error)),) * (count := len(batch.requests))
            return BatchAnswered(failed, ((),) * count, (TokensUsed(),) * count, time.perf_counter() - began, ())
        return replace(answered, seconds=time.perf_counter() - began)

    def _prepare(self, pipeline: Pipeline) -> None:
        """Open and warm up a pipeline, the first time."""
        if pipeline in self._warm:
            return
        corpus = self._opened.corpus(pipeline)
        warm_up(self._setup.of(pipeline).values(), corpus, self._opened.operators_for(corpus))
        self._warm.add(pipeline)
        gc.collect()
        gc.freeze()  # what stays as long as the process is not looked at again, while a request waits


def _received(connection: Connection) -> ReplicaSetup:
    """What it is to be.

    Raises:
        ComponentError: a component's class is nowhere to be imported from.
    """
    sent = connection.recv_bytes()
    try:
        setup: ReplicaSetup = pickle.loads(sent)
    except (ImportError, AttributeError) as error:
        raise ComponentError(f"a component {NOT_IMPORTABLE} ({error})") from error
    return setup


def _end_with(descriptor: int) -> None:
    """End at once when the process is gone that started this one, also in the middle of a batch."""
    poll = select.poll()
    poll.register(descriptor, HUNG_UP)
    poll.poll()
    os._exit(1)


if __name__ == "__main__":
    main()
