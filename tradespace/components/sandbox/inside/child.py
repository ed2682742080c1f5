"""One program, in the process that was made for it."""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any, NoReturn

ENDED, RAISED = b"+", b"-"
"""How a report begins: the program ran to its end; or it raised what follows, as text."""

DESCRIPTORS = 8
"""Open files that Python itself needs."""
KEEPERS = 2
"""Processes of the sandbox itself, which count where the user who started it is not root."""


def run_program(request: dict[str, Any], output: int, report: int, *, prepare: Callable[[], None]) -> NoReturn:
    """Run a program to its end, in this process; say in `report` how it ended."""
    try:
        _attach(request["input"], output)
        prepare()
        _limit(request)
        os.setsid()
        child = os.getpid()
        outcome = _outcome(request["code"])
        if os.getpid() == child:  # a fork of it comes here too
            _say(report, outcome)
    finally:
        os._exit(0)


def _outcome(code: str) -> str:
    """Run the code: empty where it ran to its end, otherwise what it raised."""
    random.seed(0)
    names = {"__name__": "__main__", "__builtins__": __builtins__}
    try:
        exec(compile(code, "<program>", "exec"), names)
    except SystemExit as leaving:
        return "" if leaving.code in (None, 0) else f"SystemExit: {leaving.code}"
    except BaseException as error:  # noqa: BLE001 - whatever a generated program raises is an outcome
        return f"{type(error).__name__}: {str(error)[:500]}"
    return ""


def _attach(text: str, output: int) -> None:
    """Connect standard input to a text, output and errors to a pipe, and the working folder."""
    os.chdir(os.environ.pop("WORK"))
    source = os.memfd_create("input")
    os.write(source, text.encode())
    os.lseek(source, 0, os.SEEK_SET)
    os.dup2(source, 0)
    for place in (1, 2):
        os.dup2(output, place)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = sys.stderr = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)


def _limit(request: dict[str, Any]) -> None:
    """Set limits that the program cannot raise again."""
    megabyte = 2**20
    for name, value in {
        resource.RLIMIT_CPU: int(request["seconds"]) + 1,
        resource.RLIMIT_AS: request["memory"] * megabyte,
        resource.RLIMIT_FSIZE: request["disk"] * megabyte,
        resource.RLIMIT_NOFILE: request["files"] + DESCRIPTORS,
        resource.RLIMIT_NPROC: request["processes"] + KEEPERS,
        resource.RLIMIT_CORE: 0,
    }.items():
        resource.setrlimit(name, (value, value))


def _say(report: int, raised: str) -> None:
    """Write what the program printed last, then how it came to its end."""
    try:
        sys.stdout.flush()
    except Exception as error:  # noqa: BLE001 - the program may have put anything there
        raised = raised or f"{type(error).__name__}: {error}"
    os.write(report, (RAISED + raised.encode(errors="replace"))[:4000] if raised else ENDED)
