"""The first process of a sandbox: it forks a child for each program, so that no program waits for Python to start."""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import struct
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import isolation, kernel
from .child import ENDED, RAISED, run_program
from .forbidden_calls import forbid_calls

REQUESTS, ANSWERS = 0, 1
"""Where requests are read from and answers are written to. A program's own 0 and 1 are others."""


def serve(arguments: dict[str, Any]) -> None:
    """Isolate, import what programs import most, then run programs until there is none left to run."""
    for name in arguments["modules"]:
        with suppress(ImportError):
            importlib.import_module(name)
    isolated = bool(arguments["isolated"])
    os.environ.clear()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the only one that the first process of a namespace would hear
    try:
        if isolated:
            isolation.isolate(arguments["readable"])
        else:
            kernel.call("prctl", kernel.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    except OSError as error:
        _answer({"refused": error.strerror or str(error)})
        return
    gc.freeze()
    _answer({})
    while (request := _request()) is not None:
        _answer(_run(request, isolated=isolated))


def _run(request: dict[str, Any], *, isolated: bool) -> dict[str, Any]:
    """Run one program, and end whatever it started."""
    with _throw_away_folder(request, isolated=isolated) as folder:
        output, report = os.pipe(), os.pipe()
        os.environ["WORK"] = folder
        child = os.fork()
        if not child:
            os.dup2(output[1], 3)
            os.dup2(report[1], 4)
            os.closerange(5, 256)
            run_program(request, 3, 4, prepare=_become_harmless if isolated else _end_with_the_server)
        os.close(output[1])
        os.close(report[1])
        watch = _Watch(child, output[0], report[0], request)
        try:
            return watch.result()
        finally:
            _end_all(isolated=isolated)
            os.close(output[0])
            os.close(report[0])


class _Watch:
    """Reads what a program writes, until it ends or breaks a limit."""

    def __init__(self, child: int, output: int, report: int, request: dict[str, Any]) -> None:
        self.child, self.output, self.report, self.request = child, output, report, request
        self.written = bytearray()

    def result(self) -> dict[str, Any]:
        start = time.monotonic()
        reason = self._until_the_end(start + self.request["seconds"])
        said = "" if reason else self._said()
        return {
            "output": self.written[: self.request["output"]].decode(errors="replace"),
            "reason": reason or said,
            "seconds": time.monotonic() - start,
        }

    def _until_the_end(self, deadline: float) -> str:
        """Read until the program ends; the limit that it broke, if any."""
        ended = os.pidfd_open(self.child)
        try:
            while (left := deadline - time.monotonic()) > 0:
                ready, _, _ = select.select([self.output, ended], [], [], left)
                if self.output in ready and not self._read():
                    select.select([ended], [], [], max(0.0, deadline - time.monotonic()))
                if len(self.written) > self.request["output"]:
                    return f"wrote more than {self.request['output']} bytes"
                if ended in ready:
                    return self._rest()
        finally:
            os.close(ended)
        return f"ran longer than {self.request['seconds']:g} s"

    def _read(self) -> bytes:
        chunk = os.read(self.output, 65536)
        self.written += chunk
        return chunk

    def _rest(self) -> str:
        """What was written before the end, without waiting for processes that may hold the pipe open."""
        while select.select([self.output], [], [], 0)[0] and len(self.written) <= self.request["output"]:
            if not self._read():
                break
        return f"wrote more than {self.request['output']} bytes" if len(self.written) > self.request["output"] else ""

    def _said(self) -> str:
        """How the program says it ended: empty if well. One that left before its end says nothing."""
        if select.select([self.report], [], [], 0)[0] and (said := os.read(self.report, 4096)):
            return _raised(said)
        status = os.waitid(os.P_PID, self.child, os.WEXITED | os.WNOWAIT)
        how = status.si_status if status else 0
        killed = status is not None and status.si_code in (os.CLD_KILLED, os.CLD_DUMPED)
        return f"killed by {signal.Signals(how).name}" if killed else f"left by os._exit({how})"


def _raised(said: bytes) -> str:
    """What a report says, into which the program itself may have written: nothing in it is taken for a structure."""
    if said == ENDED:
        return ""
    if said.startswith(RAISED) and len(said) > len(RAISED):
        return said[len(RAISED) :].decode(errors="replace")
    return "wrote into the report of its end"


def _end_all(*, isolated: bool) -> None:
    """Kill the program and everything that it started, daemons included, and wait until they are gone.

    The first process of a process namespace reaches all others in it; elsewhere, what a killed process started becomes
    a child of this one, and is killed next.
    """
    while True:
        for process in [-1] if isolated and os.getpid() == 1 else _children():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _children() -> list[int]:
    return list(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))


class _throw_away_folder:  # noqa: N801 - used as a function
    """An empty folder, gone afterwards."""

    def __init__(self, request: dict[str, Any], *, isolated: bool) -> None:
        self.temporary = None if isolated else tempfile.TemporaryDirectory()
        if isolated:
            isolation.fresh_folder(request["disk"], request["files"])

    def __enter__(self) -> str:
        return self.temporary.name if self.temporary else isolation.WORK

    def __exit__(self, *error: object) -> None:
        if self.temporary:
            self.temporary.cleanup()


def _become_harmless() -> None:
    isolation.become_nobody()
    forbid_calls()


def _end_with_the_server() -> None:
    """Without isolation there is nothing to give up; but the program can end the server, and would live on."""
    kernel.call("prctl", kernel.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _request() -> dict[str, Any] | None:
    header = _read_exactly(4)
    return dict(json.loads(_read_exactly(struct.unpack("!I", header)[0]))) if header else None


def _read_exactly(count: int) -> bytes:
    read = b""
    while len(read) < count and (chunk := os.read(REQUESTS, count - len(read))):
        read += chunk
    return read


def _answer(answer: dict[str, Any]) -> None:
    text = json.dumps(answer).encode()
    data = struct.pack("!I", len(text)) + text
    while data:
        data = data[os.write(ANSWERS, data) :]
