"""The machine that timings are taken on, and how busy it is."""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path

VARIABLE = "TRADESPACE_HOST"


def host_name() -> str:
    """What distinguishes machines: the processor's model and the number of cores this process may use.

    The environment variable TRADESPACE_HOST names the machine where that does not tell it from another.
    """
    return os.environ.get(VARIABLE) or _own_name()


def load() -> float:
    """Processes that ran or waited to run during the last minute; -1 where the system does not report it."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else -1.0


@cache
def _own_name() -> str:
    return f"{_processor()}, {len(os.sched_getaffinity(0))} cores" if hasattr(os, "sched_getaffinity") else _processor()


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
