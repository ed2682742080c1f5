"""How many deployments are told apart in a minute.

    python -m bench.load.deployments STUDY

All explored pipelines of a study in a hundred deployments each, under several loads: how many are found to be
overloaded, left out by bounds, and simulated, and how long it takes.
"""

from __future__ import annotations

import sys
import time

from bench.page import table, write
from tradespace.explorer.conclusions.deployments import explore_deployments
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.deployment import Host, Load, StageGroup
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import Goals, Objective, ServiceLevel

GOALS = Goals(
    (Objective("answer_f1", True), Objective("latency_p99", False), Objective("usd_per_hour", False)),
    ServiceLevel("latency_p99", 0.3),
)
LOADS = (Load(rate=5.0), Load(rate=30.0), Load(rate=60.0), Load(rate=30.0, burstiness=3.0))


def main() -> None:
    """Print the table, and write it down."""
    explored = StudyFolder(sys.argv[1]).results().explored
    first = tuple(StageGroup(("retrieve", "rerank"), n, b, host="cpu") for n in (1, 2, 4, 8) for b in (1, 4))
    second = tuple(StageGroup(("generate",), n, b, host="cpu") for n in (1, 2, 4, 8) for b in (1, 4, 8))
    space = DeploymentSpace(LOADS, (first, second), (Host("cpu", 0.1, 2),), GOALS)
    rows = []
    for load in LOADS:
        start = time.perf_counter()
        found = explore_deployments(explored, space, Traffic(load))
        took = time.perf_counter() - start
        counts = (
            found.considered,
            found.overloaded,
            found.skipped,
            found.alike + len(found.points),
            len(found.frontier),
        )
        bursts = f", burstiness {load.burstiness:g}" if load.burstiness != 1 else ""
        rows.append([f"{load.rate:g} per s{bursts}", *(f"{each:,}" for each in counts), f"{took:.1f} s"])
    head = ["load", "deployments", "overloaded", "left out by bounds", "simulated", "on the frontier", "seconds"]
    write("load-deployments", table(head, rows))


if __name__ == "__main__":
    main()
