"""What works on Ray's nodes: an actor that opens components, each once for a corpus, and makes their batches."""

from __future__ import annotations

import io
import os
import pickle
import platform
import socket
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import ray

from tradespace.components.base import Component
from tradespace.components.corpus import Corpus
from tradespace.errors import ComponentError
from tradespace.explorer.running.executors.in_process import operated
from tradespace.explorer.running.executors.on_ray.exchange import ExchangedArtefacts
from tradespace.explorer.running.executors.on_ray.transport import Sent, compact, packed, unpacked
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.secrets import guard_messages
from tradespace.types import Failure, Given


@dataclass(frozen=True)
class WorkerSetup:
    """What a worker must know.

    Attributes:
        name: what it is called among all.
        exploration: tells this exploration from others on the same nodes.
        node: the id of the node of whoever explores.
        artefacts: the folder of built things there.
        exchange: the actor of built things.
        environment: variables that shape what components do, as they are where the command runs. None is a secret.
    """

    name: str
    exploration: str
    node: str
    artefacts: Path
    exchange: Any = field(repr=False)
    environment: Mapping[str, str] = field(default_factory=dict)


class NodeOfWorker(NamedTuple):
    """Where a worker runs.

    Attributes:
        id: Ray's.
        name: of the machine, for people.
        software: versions that must be the same everywhere.
        process: the id of the worker's process there.
    """

    id: str
    name: str
    software: str
    process: int


class MadeOnNode(NamedTuple):
    """What came of a batch, and how many seconds it took where it was made, without opening its component."""

    outcomes: Sequence[Sent]
    seconds: float


class CallWorker:
    """Opened components on a node."""

    def __init__(self, setup: WorkerSetup) -> None:
        guard_messages()
        os.environ.update(setup.environment)
        here = ray.get_runtime_context().get_node_id()
        self._node = NodeOfWorker(here, socket.gethostname(), software(), os.getpid())
        apart = here != setup.node
        folder = own_folder(here, setup.exploration) if apart else setup.artefacts
        self._store = ExchangedArtefacts(folder, exchange=setup.exchange, worker=setup.name, apart=apart)
        self._opened = OpenedComponents((), folder)
        self._corpora: dict[str, Corpus] = {}

    def node(self) -> NodeOfWorker:
        """Where it runs: it is ready."""
        return self._node

    def make(self, batch: bytes, count: int, key: str, corpus: Sequence[Any]) -> bytes:
        """Make a batch of so many calls.

        Args:
            batch: a component and its requests, packed.
            count: how many requests these are.
            key: of the corpus.
            corpus: a reference to the passages and documents of the corpus, in a list so that it is read only once.
        """
        known = self._corpus(key, corpus)
        try:
            component, requests = unpacked(batch, known)
        except (ImportError, AttributeError) as error:
            failed = Failure(f"a component cannot be imported on {self.place} ({error}): install it on every node")
            return packed(MadeOnNode([failed] * count, 0.0), known)
        return packed(self._made(component, requests, known), known)

    def alone(self, work: bytes, corpora: Mapping[str, Sequence[Any]]) -> Any:
        """Run work that refers to components and corpora: they are those that are opened here."""

        class Unpickler(pickle.Unpickler):
            def persistent_load(unpickler, named: tuple[str, ...]) -> Any:  # noqa: N805 - `self` is the worker
                kind, *key = named
                return self._opened if kind == "opened" else self._corpus(key[0], corpora[key[0]])

        return Unpickler(io.BytesIO(work)).load()()

    @property
    def place(self) -> str:
        """Its node, as people know it."""
        return f"node {self._node.name} ({self._node.id[:8]})"

    def _corpus(self, key: str, corpus: Sequence[Any]) -> Corpus:
        if key not in self._corpora:
            passages, documents = ray.get(corpus[0])
            self._corpora[key] = Corpus(passages, self._store, documents)
        return self._corpora[key]

    def _made(self, component: Component, requests: Sequence[Given], corpus: Corpus) -> MadeOnNode:
        try:
            operator = self._opened.operator(component, corpus)
        except ComponentError as error:
            return MadeOnNode([Failure(f"{error} (on {self.place})")] * len(requests), 0.0)
        began = time.perf_counter()
        outcomes = operated(component, operator, requests)
        seconds = time.perf_counter() - began
        return MadeOnNode([compact(outcome, corpus) for outcome in outcomes], seconds)


def software() -> str:
    """The versions that driver and workers must have in common."""
    return f"Tradespace {version('tradespace')}, Python {platform.python_version()}"


def folder_of_node(node: str, exploration: str) -> Path:
    """Where a node that is not that of whoever explores has its built things, for this exploration alone."""
    return Path(tempfile.gettempdir()) / f"tradespace-{exploration}-{node[:12]}"


def own_folder(node: str, exploration: str) -> Path:
    """That folder, made for the user of the node alone.

    Raises:
        PermissionError: somebody else made it.
    """
    folder = folder_of_node(node, exploration)
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder
