"""Tradespace's server on a deployment of one's own, in a process of its own.

    python -m bench.load.serving FILE PORT

FILE is what `serving` has pickled. It is the server that `tradespace serve` runs, without a study of many pipelines.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.load.parts import Echo
from bench.load.programs import Program, free_port, program
from tradespace.components.base import Pipeline
from tradespace.extensions import register
from tradespace.search_space.deployment import StageGroup
from tradespace.serving.served_study import ServedStudy
from tradespace.serving.server import bound_socket, run_server
from tradespace.serving.server_settings import ServerSettings

DEFAULT_SETTINGS = ServerSettings()


@dataclass(frozen=True, slots=True)
class HedgeAfter:
    """Hedges every group after so many seconds, or none."""

    seconds: float | None = None

    def __call__(self, pipeline: Pipeline, group: StageGroup) -> float | None:
        """After how many seconds the group is asked again."""
        return self.seconds if group.tail.hedge_after is not None else None


WORK = "tradespace_replica_busy_seconds_total"
BATCHES = "tradespace_batch_size_count"
"""Metrics: seconds of work, over all replicas, and batches that they answered."""


@contextmanager
def serving(served: ServedStudy, folder: Path, settings: ServerSettings = DEFAULT_SETTINGS) -> Iterator[Program]:
    """Serve until the block ends.

    Args:
        served: what it is made of.
        folder: for what is handed to the server, and for its log.
        settings: of the server.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    file = folder / f"served-{port}.pickle"
    file.write_bytes(pickle.dumps((served, settings)))
    url = f"http://127.0.0.1:{port}"
    try:
        with program(
            ["-m", "bench.load.serving", file, str(port)], url, "/ready", folder / f"{served.name}.log"
        ) as server:
            yield server
    finally:
        file.unlink()


def by_group(server: Program, name: str) -> dict[str, float]:
    """What one of the server's metrics is so far, by its only label: of most, the group of stages."""
    lines = httpx.get(f"{server.url}/metrics").text.splitlines()
    samples = [line.removeprefix(f"{name}{{").rpartition(" ") for line in lines if line.startswith(f"{name}{{")]
    return {labels.split('"', 1)[1].rstrip('"}'): float(value) for labels, _, value in samples}


def main(file: Path, port: int) -> bool:
    """Serve what was pickled until SIGTERM; whether all that was accepted was answered."""
    register(Echo)  # a fallback is found by its name
    served, settings = pickle.loads(file.read_bytes())
    with bound_socket("127.0.0.1", port, "") as bound:
        return run_server(served, bound, settings, ready=lambda: None).ended_well


if __name__ == "__main__":
    sys.exit(0 if main(Path(sys.argv[1]), int(sys.argv[2])) else 1)
