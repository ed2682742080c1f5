"""One sandbox: a process that keeps away from everything else and runs programs one after the other."""

from __future__ import annotations

import importlib.util
import json
import os
import select
import struct
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tradespace.components.sandbox.values import Limits, ProgramFailed, ProgramFinished
from tradespace.errors import ComponentError
from tradespace.types import Program

GRACE = 10.0
"""Seconds after its limit in which a program must have been ended, or else the whole sandbox is."""
START = 60.0
"""Seconds that a sandbox may take to start."""
MOST_REPLY_BYTES = 2**24
"""The longest answer: a sandbox that was taken over could promise any length."""
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
_STARTER = (
    "import sys, json; here, folders, asked = map(json.loads, sys.argv[1:]); "
    "sys.path[:] = [here, *sys.path, *folders]; from inside.server import serve; del sys.path[0]; serve(asked)"
)


class Worker:
    """A running sandbox. Start it with `with`, or close it.

    Raises:
        ComponentError: this machine does not isolate programs.
    """

    def __init__(self, limits: Limits, modules: Sequence[str], *, isolated: bool) -> None:
        self.limits = limits
        self._process = _started(modules, isolated=isolated)
        reply = self._receive(START)
        if reply is None or "refused" in reply:
            self.close()
            raise ComponentError(_refusal("it did not start" if reply is None else str(reply["refused"])))

    def run(self, program: Program) -> ProgramFinished | ProgramFailed | None:
        """Run one program; None if the sandbox ended, or had to be ended, before it gave a proper answer."""
        self._send({**asdict(self.limits), **asdict(program)})
        reply = self._receive(self.limits.seconds + GRACE)
        result = reply and _result(reply)
        if not result:
            self.close()
        return result or None

    @property
    def alive(self) -> bool:
        """Whether it can run another program."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it, and everything in it."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with suppress(OSError):
                    stream.close()

    def _send(self, request: dict[str, Any]) -> None:
        text = json.dumps(request).encode()
        assert self._process.stdin
        with suppress(BrokenPipeError):  # what is then received is None
            self._process.stdin.write(struct.pack("!I", len(text)) + text)
            self._process.stdin.flush()

    def _receive(self, seconds: float) -> dict[str, Any] | None:
        """The next answer; None where none comes in time that is one, or the sandbox has ended."""
        deadline = time.monotonic() + seconds
        header = self._read(4, deadline)
        length = struct.unpack("!I", header)[0] if header else 0
        text = self._read(length, deadline) if 0 < length <= MOST_REPLY_BYTES else None
        try:
            reply = json.loads(text or b"")
        except (ValueError, RecursionError):
            return None
        return reply if isinstance(reply, dict) else None

    def _read(self, count: int, deadline: float) -> bytes | None:
        assert self._process.stdout
        source, read = self._process.stdout.fileno(), b""
        while len(read) < count:
            if not select.select([source], [], [], max(0.0, deadline - time.monotonic()))[0]:
                return None
            if not (chunk := os.read(source, count - len(read))):
                return None
            read += chunk
        return read


def _result(reply: Mapping[str, Any]) -> ProgramFinished | ProgramFailed | None:
    """What became of a program; None if the answer doesn't say."""
    match reply:
        case {"reason": str(reason), "output": str(output), "seconds": float(seconds)}:
            return ProgramFailed(reason, output, seconds) if reason else ProgramFinished(output, seconds)
    return None


def _started(modules: Sequence[str], *, isolated: bool) -> subprocess.Popen[bytes]:
    """Start Python without the environment, the user's files and the site's; with the folders of the modules alone."""
    folders = [Path(folder) for module in modules for folder in _folders(module)]
    paths = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), *_SYSTEM, *map(str, folders)]
    asked = {"isolated": isolated, "modules": list(modules), "readable": list(dict.fromkeys(paths))}
    importable = list(dict.fromkeys(str(folder.parent) for folder in folders))
    arguments = [str(Path(__file__).parent), importable, asked]
    return subprocess.Popen(
        [sys.executable, "-s", "-S", "-P", "-B", "-c", _STARTER, *map(json.dumps, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONHASHSEED": "0"},
        cwd="/",
        start_new_session=True,
    )


def _folders(module: str) -> list[str]:
    """Where a package lies; nothing where it is not installed."""
    package = importlib.util.find_spec(module)
    return list(package.submodule_search_locations or ()) if package else []


def _refusal(reason: str) -> str:
    return (
        f"programs that a model wrote are run in isolation alone, and this machine does not isolate them ({reason}). "
        "Linux 5.12 or later with user namespaces is needed: allow them, or run on another machine; or, if the "
        "programs can be trusted with everything that you may do here, set `isolated: false`, and say "
        "--allow-unsandboxed on the command line"
    )
