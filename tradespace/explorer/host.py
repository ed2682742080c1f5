"""The machine that timings are taken on, and the conditions at the moment."""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path


@cache
def host_name() -> str:
    """What tells machines apart: the processor's model and how many cores this process may use."""
    return f"{_processor()}, {len(os.sched_getaffinity(0))} cores" if hasattr(os, "sched_getaffinity") else _processor()


def conditions() -> dict[str, float | int | str]:
    """The circumstances of a timing sample: one request at a time, and how busy the machine was."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else -1.0
    return {"batch": 1, "concurrency": 1, "load": round(load, 2)}


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
