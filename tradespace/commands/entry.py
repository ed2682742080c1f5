"""Starting a command and ending it: every expected error becomes a message and an exit code, never a traceback."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from traceback import format_exc

from tradespace.errors import InputError, TradespaceError
from tradespace.interrupts import ignore_interrupts, interrupted_once
from tradespace.secrets import guard_messages, hold_passwords, scrubbed


class Exit(IntEnum):
    """Exit codes."""

    DONE = 0
    FAILED = 1
    INPUT = 2
    BOUNDS_NOT_KEPT = 3
    INTERRUPTED = 130


def run_app(app: Callable[[], object]) -> None:
    """Run a command line. `--debug` anywhere on it shows tracebacks."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small products: more threads only wait for each other
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr: no text, whatever is in it, ends a command
    guard_messages()
    hold_passwords(" ".join(sys.argv))
    debug = "--debug" in sys.argv[1:]
    sys.argv = [argument for argument in sys.argv if argument != "--debug"]
    with interrupted_once():
        _run(app, debug=debug)


def _run(app: Callable[[], object], *, debug: bool) -> None:
    try:
        app()
    except (KeyboardInterrupt, SystemExit) as end:
        if isinstance(end, SystemExit) and end.code != Exit.INTERRUPTED:
            raise
        ignore_interrupts()
        _end("Interrupted. What was stored is kept; an exploration that is run again continues.", Exit.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - also of what nobody expected, no traceback shows a secret
        expected = isinstance(error, TradespaceError | OSError)
        if debug or not expected:
            print(scrubbed(format_exc()), file=sys.stderr)
        if expected:
            _end(_message(error), Exit.INPUT if isinstance(error, InputError) else Exit.FAILED)
        sys.exit(Exit.FAILED)


def _message(error: Exception) -> str:
    if isinstance(error, InputError) and len(error.faults) > 1:
        return "\n".join([f"{len(error.faults)} errors:", *(f"  {fault}" for fault in error.faults)])
    if isinstance(error, OSError):
        where = f"{Path(error.filename)}: " if error.filename else ""
        return (
            f"{where}{error.strerror or error}. What was stored so far is kept: fix the cause (free disk space, "
            "permissions, path) and run the same command again."
        )
    return str(error)


def _end(message: str, code: Exit) -> None:
    from tradespace.encoding import visible

    print(visible(scrubbed(f"Error: {message}")) if code is not Exit.INTERRUPTED else message, file=sys.stderr)
    sys.exit(code)
