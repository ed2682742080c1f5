"""The node of a cluster whose latencies count: it is held for that alone."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import ray
from ray import cloudpickle
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from tradespace.components.corpus import Corpus
from tradespace.errors import ClusterError
from tradespace.explorer.running.executors.on_ray.cluster import living_nodes
from tradespace.explorer.running.executors.on_ray.sending import BatchSender
from tradespace.explorer.running.executors.on_ray.tidying import tidy
from tradespace.explorer.running.executors.on_ray.worker import CallWorker, WorkerSetup
from tradespace.explorer.running.opened_components import OpenedComponents

NODE_LABEL = "ray.io/node-id"
"""The label that every node has."""


class QuietNode:
    """Runs work on a node, in an actor that holds all of its cores and GPUs."""

    def __init__(self, wanted: str, setup: WorkerSetup, sender: BatchSender) -> None:
        """Finds the node by its host's name, its address, or a label, as in `gpu=a10`.

        Raises:
            ClusterError: there is none.
        """
        self._node, self._sender = _node(wanted), sender
        self._setup = replace(setup, name="timing")
        self._actor: Any = None

    @property
    def id(self) -> str:
        """Ray's id of the node."""
        return str(self._node["NodeID"])

    def __call__(self, work: Callable[[], Any]) -> Any:
        """Run work there, and return what comes of it.

        Raises:
            ClusterError: the node is lost.
        """
        self._actor = self._actor or self._started()
        data, corpora = _written(work)
        references = {corpus.key: self._sender.reference(corpus) for corpus in corpora}
        try:
            return ray.get(self._actor.alone.remote(data, references))
        except ray.exceptions.RayActorError as error:
            self._actor = None
            name = self._node["NodeManagerHostname"]
            raise ClusterError(f"node {name}, on which latencies are measured, was lost. Run again to go on") from error

    def close(self) -> None:
        """Let go of the node."""
        if self._actor:
            with suppress(ray.exceptions.RayError):
                ray.kill(self._actor)
            tidy([self.id], self._setup)

    def _started(self) -> Any:
        has = self._node["Resources"]
        stays = NodeAffinitySchedulingStrategy(self.id, soft=False)
        held = {"num_cpus": has.get("CPU", 0), "num_gpus": has.get("GPU", 0)}
        return ray.remote(CallWorker).options(**held, scheduling_strategy=stays).remote(self._setup)


def _node(wanted: str) -> Mapping[str, Any]:
    nodes = sorted(living_nodes(), key=lambda node: str(node["NodeID"]))
    found = next((node for node in nodes if wanted in _names(node)), None)
    if found is None:
        valid = ", ".join(sorted({name for node in nodes for name in _names(node) if not name.startswith(NODE_LABEL)}))
        raise ClusterError(f"no node of the Ray cluster is {wanted!r}, as `timing` says; its nodes are: {valid}")
    return found


def _names(node: Mapping[str, Any]) -> list[str]:
    labels = [f"{name}={value}" for name, value in (node.get("Labels") or {}).items()]
    return [node["NodeManagerHostname"], node["NodeManagerAddress"], *labels]


def _written(work: Callable[[], Any]) -> tuple[bytes, Sequence[Corpus]]:
    """Work as bytes, and the corpora that it refers to."""
    written, corpora = io.BytesIO(), dict[str, Corpus]()
    _WorkPickler(written, corpora).dump(work)  # type: ignore[no-untyped-call]
    return written.getvalue(), list(corpora.values())


class _WorkPickler(cloudpickle.CloudPickler):
    """Writes references where a worker has things of its own."""

    def __init__(self, file: io.BytesIO, corpora: dict[str, Corpus]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)  # type: ignore[no-untyped-call]
        self._corpora = corpora

    def persistent_id(self, value: Any) -> tuple[str, ...] | None:
        if isinstance(value, OpenedComponents):
            return ("opened",)
        if isinstance(value, Corpus):
            self._corpora[value.key] = value
            return ("corpus", value.key)
        return None
