"""Ray's nodes on this machine, as if it were several, and the end of processes as on machines that fail."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.processes import without_coverage
from tradespace.explorer.running.executors.on_ray.cluster import RAY_HOST

CORES = 2
"""Of each node, as Ray counts them."""
NODE: dict[str, Any] = {"num_cpus": CORES, "node_ip_address": RAY_HOST, "resources": {"seat": 1, "bench": 1}}
"""What every node is, with resources of which a worker that takes one has a node to itself."""
QUICK_TO_NOTICE = {"health_check_period_ms": 500, "health_check_failure_threshold": 3}
"""So that a node that is gone is missed after seconds, where Ray waits for half a minute."""


@dataclass(frozen=True)
class RayNodes:
    """A cluster, and the folder of its files, by which its processes are known."""

    cluster: Any
    folder: str

    def add(self, **more: Any) -> Any:
        """Let another node join."""
        with surroundings(RAY_TMPDIR=self.folder):
            return self.cluster.add_node(**NODE, **more)

    @property
    def address(self) -> str:
        """Where it can be joined."""
        return str(self.cluster.address)

    def workers(self) -> list[int]:
        """The processes that make calls on it."""
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and b"ray::CallWorker" in (entry / "cmdline").read_bytes():
                    raylet = Path("/proc") / _parent(entry) / "cmdline"
                    found += [int(entry.name)] if self.folder.encode() in raylet.read_bytes() else []
        return sorted(found)


def _parent(process: Path) -> str:
    return next(line for line in (process / "status").read_text().splitlines() if line.startswith("PPid:")).split()[1]


@contextmanager
def ray_nodes(count: int) -> Iterator[RayNodes]:
    """A cluster of so many nodes, whose workers find the modules that are found here."""
    from ray.cluster_utils import Cluster

    folder = tempfile.mkdtemp(prefix="tradespace-ray-", dir="/tmp")
    head = {**NODE, "include_dashboard": False, "_system_config": QUICK_TO_NOTICE}
    with surroundings(RAY_TMPDIR=folder):
        cluster = Cluster(initialize_head=True, head_node_args=head)
        for _ in range(count - 1):
            cluster.add_node(**NODE)
    try:
        yield RayNodes(cluster, folder)
    finally:
        cluster.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def surroundings(**variables: str) -> Iterator[None]:
    """The environment of Ray's processes: they report to nobody, and no coverage is taken of them."""
    path = os.pathsep.join(entry or os.curdir for entry in sys.path)
    before, wanted = dict(os.environ), {**without_coverage(), "RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": path}
    os.environ.clear()
    os.environ.update(wanted, **variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def kill(process: int) -> None:
    """End a process at once, if it is still there."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
