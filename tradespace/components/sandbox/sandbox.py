"""Many programs at a time, each on its own."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from tradespace.components.sandbox.values import Limits, ProgramFailed, ProgramFinished
from tradespace.components.sandbox.worker import Worker
from tradespace.components.threads import on_all_cores
from tradespace.types import Program

MODULES = ("mpmath", "sympy")
"""Packages that programs may use beside the standard library. They are imported once, not by every program."""


class Sandbox:
    """Runs programs that a model wrote, without giving them anything to harm.

    Each runs in a process of its own: without network, environment and the user's files, with a folder that is
    thrown away, and with limits. What it started ends with it. Equal programs do the same: hashes and the default
    random numbers start alike. As many run side by side as there are processors.

    Args:
        limits: what each program may use.
        isolated: whether to insist on namespaces of its own (see `inside/isolation.py`); without, the limits remain.
        modules: packages that programs may import beside the standard library.

    Raises:
        ComponentError: programs cannot be isolated on this machine.
    """

    def __init__(
        self, limits: Limits | None = None, *, isolated: bool = True, modules: Sequence[str] = MODULES
    ) -> None:
        self.limits, self.isolated, self.modules = limits or Limits(), isolated, modules
        self._idle: SimpleQueue[Worker | None] = SimpleQueue()
        self._count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
        self._idle.put(self._worker())
        for _ in range(self._count - 1):
            self._idle.put(None)

    def run(self, programs: Sequence[Program]) -> list[ProgramFinished | ProgramFailed]:
        """Run programs; what became of them comes in their order."""
        return on_all_cores(self._run, programs, self._count)

    def close(self) -> None:
        """End all of it."""
        for worker in [self._idle.get() for _ in range(self._count)]:
            if worker:
                worker.close()
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, program: Program) -> ProgramFinished | ProgramFailed:
        with self._borrowed() as worker:
            if result := worker.run(program):
                return result
        with closing(self._worker()) as fresh:  # the other may have been spoilt by a program before
            start = time.monotonic()
            return fresh.run(program) or ProgramFailed("ended the sandbox that it ran in", "", time.monotonic() - start)

    @contextmanager
    def _borrowed(self) -> Iterator[Worker]:
        worker = self._idle.get()
        try:
            if worker is None or not worker.alive:
                worker = None
                worker = self._worker()
            yield worker
        finally:
            self._idle.put(worker)

    def _worker(self) -> Worker:
        return Worker(self.limits, self.modules, isolated=self.isolated)
