"""A replica, as the process sees it that starts it, hands it batches and notices its death."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, Self

from tradespace.components.base import Pipeline
from tradespace.errors import ComponentError, ReplicaLostError
from tradespace.explorer.running.replicas.threads import limited_threads
from tradespace.explorer.running.replicas.values import (
    NOT_IMPORTABLE,
    Batch,
    BatchAnswered,
    ReplicaReady,
    ReplicaSetup,
)
from tradespace.types import Failure, Request

WORKER = "tradespace.explorer.running.replicas.worker"
PATIENCE = 10.0
"""Seconds that a replica which is told to end may take for the batch that it works on."""


class Replica:
    """Some stages of pipelines in a process of their own, which answers one batch at a time.

    `answer` waits for a batch. Whoever has an event loop calls `send`, and `receive` once `fileno()` can be read, as
    `replicas.asynchronous` does. A process that dies, however it does, is noticed at once.

        with Replica(ReplicaSetup(documents, study.artefacts, (pipeline,), ("retrieve", "rerank"))) as replica:
            answered = replica.answer([Request("Who sat?")])
    """

    def __init__(self, setup: ReplicaSetup) -> None:
        self.setup = setup
        self._places = {pipeline: place for place, pipeline in enumerate(setup.pipelines)}
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection[Any, Any] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()

    @property
    def process_id(self) -> int | None:
        """Of its process; None where it was not started, or has ended."""
        return self._process.pid if self._process else None

    def start(self) -> ReplicaReady:
        """Start its process, and wait until it has opened its stages. It may be started again when it has ended.

        Raises:
            ComponentError: a component could not be opened, or not in another process.
            ReplicaLostError: the process ended instead.
        """
        setup = _sendable(self.setup)
        self._connection, other = Pipe()
        with other:
            self._process = _worker(other.fileno(), self.setup.threads)
        with self._told_of_its_end():
            self._open_connection.send_bytes(setup)
        ready = self._receive()
        if isinstance(ready, Failure):
            self.stop()
            raise ComponentError(ready.message)
        assert isinstance(ready, ReplicaReady)
        return ready

    def answer(self, requests: Sequence[Request], pipeline: Pipeline | None = None) -> BatchAnswered:
        """Have a batch answered, by the first of its pipelines where none is named.

        Raises:
            ReplicaLostError: its process ended.
        """
        self.send(requests, pipeline)
        return self.receive()

    def send(self, requests: Sequence[Request], pipeline: Pipeline | None = None) -> None:
        """Hand over a batch, while no other is under way.

        Raises:
            ReplicaLostError: its process ended.
            KeyError: it holds no such pipeline.
        """
        place = 0 if pipeline is None else self._places[pipeline]
        with self._told_of_its_end():
            self._open_connection.send(Batch(tuple(requests), place))

    def receive(self) -> BatchAnswered:
        """What became of the batch that was handed over; waits for it.

        Raises:
            ReplicaLostError: its process ended.
        """
        answered = self._receive()
        assert isinstance(answered, BatchAnswered)
        return answered

    def fileno(self) -> int:
        """What can be read once a batch is answered, or the process has ended."""
        return self._open_connection.fileno()

    def stop(self) -> None:
        """End its process, which finishes the batch that it works on; one that takes long is killed."""
        if self._connection and self._process:
            with suppress(OSError):
                self._connection.send(None)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE)
        self.kill()

    def kill(self) -> None:
        """End its process at once, and whatever it works on."""
        if self._process:
            self._process.kill()
            self._process.wait()
        if self._connection:
            self._connection.close()
        self._process = self._connection = None

    def _receive(self) -> object:
        with self._told_of_its_end():
            return self._open_connection.recv()

    @property
    def _open_connection(self) -> Connection[Any, Any]:
        if self._connection is None:
            raise EOFError
        return self._connection

    @contextmanager
    def _told_of_its_end(self) -> Iterator[None]:
        """Turn what a broken connection raises into the error that says which replica ended, and how."""
        try:
            yield
        except (EOFError, OSError):
            stages, ended = " + ".join(self.setup.stages), self._end()
            raise ReplicaLostError(f"the replica of {stages} {ended}. It can be started again") from None

    def _end(self) -> str:
        """Let go of a process that has closed its connection, and say how it ended."""
        process, status = self._process, None
        if process:
            with suppress(subprocess.TimeoutExpired):
                status = process.wait(PATIENCE)
        self.kill()
        if process is None:
            return "was not started, or has been ended"
        if status is None:
            how = "closed its connection, and was ended"
        else:
            how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        return f"(process {process.pid}) {how}"


def _sendable(setup: ReplicaSetup) -> bytes:
    """What a replica is to be, for another process.

    Raises:
        ComponentError: a component is of a class that no other process could import.
    """
    try:
        return pickle.dumps(setup)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ComponentError(f"a component {NOT_IMPORTABLE} ({error})") from error


def _worker(descriptor: int, threads: int) -> subprocess.Popen[bytes]:
    """Start the program that a replica runs; it finds the modules that are found here."""
    path = os.pathsep.join(entry or os.curdir for entry in sys.path)
    environment = limited_threads({**os.environ, "PYTHONPATH": path}, threads)
    command = [sys.executable, "-m", WORKER, str(descriptor)]
    return subprocess.Popen(command, env=environment, pass_fds=[descriptor], stdin=subprocess.DEVNULL)
