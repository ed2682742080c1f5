"""What a sandbox is given and gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use.

    Attributes:
        seconds: from its start to its end; the processor's time has the same limit.
        memory: megabytes that each of its processes may address.
        processes: how many it may have at a time, threads and itself included.
        files: how many it may have open, and how many it may make.
        disk: megabytes that it may write into its throw-away folder, which is kept in memory.
        output: bytes that it may print.
    """

    seconds: float = 5.0
    memory: int = 512
    processes: int = 8
    files: int = 64
    disk: int = 16
    output: int = 65536


@dataclass(frozen=True, slots=True)
class ProgramFinished:
    """A program ran to its end. `output` is what it printed, errors included."""

    output: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ProgramFailed:
    """A program did not run to its end: it raised, left, was killed or broke a limit. `output` is what it printed."""

    reason: str
    output: str
    seconds: float
