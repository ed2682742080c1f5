"""What an exploration has on nodes for itself alone is removed, also where those that wrote it were killed."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import ray
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from tradespace.explorer.running.executors.on_ray.cluster import living_nodes
from tradespace.explorer.running.executors.on_ray.worker import WorkerSetup, folder_of_node

TIDYING = 20.0
"""Seconds that it may take in all: each node may have to start a process for it."""


def tidy(nodes: Iterable[str], setup: WorkerSetup) -> None:
    """Remove the folders of built things of those nodes that are still there and are not that of whoever explores. All
    workers on them have ended."""
    apart = set(nodes) - {setup.node}
    if not apart:
        return
    with suppress(ray.exceptions.RayError):
        living = apart.intersection(node["NodeID"] for node in living_nodes())
        if removing := [_remover_on(node).remote(node, setup.exploration) for node in living]:
            ray.wait(removing, num_returns=len(removing), timeout=TIDYING)


def _remover_on(node: str) -> Any:
    """What removes such a folder on a node, however busy that is."""
    stays = NodeAffinitySchedulingStrategy(node, soft=False)
    return ray.remote(_remove).options(num_cpus=0, max_retries=0, scheduling_strategy=stays)


def _remove(node: str, exploration: str) -> None:
    shutil.rmtree(folder_of_node(node, exploration), ignore_errors=True)
