"""Servers in processes of their own: started, waited for, and ended with all that they started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil

from tradespace.explorer.running.replicas.replica import WORKER

ROOT = Path(__file__).parents[2]
READY_WITHIN = 300.0
"""Seconds: some on a machine of its own."""
ENDED_WITHIN = 60.0


@dataclass(frozen=True)
class Program:
    """A server that runs.

    Attributes:
        url: that it answers at.
        log: file of all that it printed.
    """

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    @property
    def printed(self) -> str:
        """What it printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def family(self) -> list[psutil.Process]:
        """Its process and all that it started, itself first."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    @property
    def replicas(self) -> list[psutil.Process]:
        """Those of a server of Tradespace."""
        return [process for process in self.family[1:] if WORKER in process.cmdline()]

    @property
    def port(self) -> int:
        """That it listens at."""
        return urlsplit(self.url).port or 80

    @property
    def memory(self) -> int:
        """Bytes that all its processes have for themselves."""
        return sum(process.memory_full_info().uss for process in self.family)

    def end(self) -> int:
        """Ask it to end, as an operator would, and wait until it has."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(ENDED_WITHIN)


@contextmanager
def program(arguments: Sequence[str | Path], url: str, ready: str, log: Path) -> Iterator[Program]:
    """Run this Python with these arguments until the block ends.

    Args:
        arguments: of Python.
        url: that the program will answer at.
        ready: path below it that answers with success as soon as the program can be used.
        log: file for what it prints.

    Raises:
        RuntimeError: it ended, or was not ready in time; what it printed last is quoted.
    """
    before = signal.signal(signal.SIGTERM, _exit)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )
    started = Program(process, url, log)
    try:
        _wait_for(started, f"{url}{ready}")
        yield started
    finally:
        _end(started)
        signal.signal(signal.SIGTERM, before)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _exit(number: int, frame: object) -> None:
    """End as an interrupt does, so that what was started is ended too."""
    sys.exit(128 + number)


def _wait_for(started: Program, url: str) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and started.process.poll() is None:
        try:
            if httpx.get(url, timeout=10).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"{url} is not ready; exit status {started.process.poll()}:\n{started.printed[-2000:]}")


def _end(started: Program) -> None:
    """By SIGTERM if it still runs; what is left of its session is killed."""
    try:
        if started.process.poll() is None:
            started.end()
    finally:
        with _nothing_left():
            os.killpg(started.process.pid, signal.SIGKILL)
        started.process.wait()


@contextmanager
def _nothing_left() -> Iterator[None]:
    try:
        yield
    except ProcessLookupError:
        return
