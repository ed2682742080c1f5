"""Servers of components whose time and faults are known beforehand, and the loads that they are offered."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from bench.load.clients import TRADESPACE, ask_all
from bench.load.parts import First
from bench.load.programs import Program
from bench.load.serving import DEFAULT_SETTINGS, HedgeAfter, serving
from tradespace.components.base import Reader
from tradespace.explorer.running.replicas import ReplicaSetup
from tradespace.search_space.deployment import PATIENT, Deployment, Host, StageGroup, TailPolicy
from tradespace.serving.dispatcher import ServingConfiguration
from tradespace.serving.load_generator.generator import generate_load
from tradespace.serving.load_generator.record import LoadRecord
from tradespace.serving.served_study import ServedStudy
from tradespace.serving.server_settings import ServerSettings
from tradespace.types import Document, Question

DOCUMENTS = tuple(Document(str(number), f"passage number {number}, of a few words") for number in range(5))
HOST = Host("here", cores=len(os.sched_getaffinity(0)))


@contextmanager
def made_server(
    name: str,
    reader: Reader,
    folder: Path,
    *,
    replicas: int = 1,
    tail: TailPolicy = PATIENT,
    hedge_seconds: float | None = None,
    settings: ServerSettings = DEFAULT_SETTINGS,
) -> Iterator[Program]:
    """Serve a reader behind a retriever that takes no time, until the block ends.

    Args:
        name: of its log.
        reader: that answers.
        folder: for what is handed to the server, and its log.
        replicas: of the whole pipeline.
        tail: what is done about slow answers.
        hedge_seconds: what the quantile of that policy comes to.
        settings: of the server.
    """
    pipeline = First() >> reader
    group = StageGroup(tuple(pipeline.online), replicas=replicas, host=HOST.name, tail=tail)
    served = ServedStudy(
        name,
        ReplicaSetup(DOCUMENTS, folder / "artefacts", (pipeline,), stages=()),
        ServingConfiguration(pipeline, Deployment((group,), (HOST,))),
        HedgeAfter(hedge_seconds),
    )
    with serving(served, folder / "servers", settings) as server:
        yield server


def steady(rate: float, seconds: float) -> list[float]:
    """Arrivals at equal distances."""
    return [float(time) for time in np.arange(0, seconds, 1 / rate)]


def ask_often(server: Program, times: int) -> None:
    """Ask so many times, over eight connections."""
    ask_all(server.url, TRADESPACE, ["any"] * times, at_once=8)


def ask(server: Program, arrivals: Sequence[float], question: str = "any", timeout: float = 60.0) -> LoadRecord:
    """Offer a load of one question, over and over."""
    return generate_load(server.url, arrivals, [Question("0", question)], timeout=timeout)
