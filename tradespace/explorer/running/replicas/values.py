"""What goes into a replica, and what comes out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tradespace.components.base import Component, Pipeline
from tradespace.explorer.running.jobs import TokensUsed
from tradespace.explorer.running.one_question import Span
from tradespace.types import Answer, Document, Failure, Ranking, Request

NOT_IMPORTABLE = "cannot be opened in a process of its own: its class must stand in a module that can be imported"
"""What is wrong with components that were defined in a function, a notebook or the program that runs."""


@dataclass(frozen=True)
class ReplicaSetup:
    """What a replica is made of.

    Attributes:
        documents: those of the study.
        artefacts: the folder of what was built of them, which is opened and not built again.
        pipelines: those that it answers for; every batch names one.
        stages: of these pipelines, in their order: the ones that it runs. A pipeline without one of them skips it.
        threads: that it computes in.
        preload: whether all pipelines are opened and warmed up at the start, or each by the first batch that names it.
    """

    documents: Sequence[Document]
    artefacts: Path
    pipelines: tuple[Pipeline, ...]
    stages: tuple[str, ...]
    threads: int = 1
    preload: bool = True

    def of(self, pipeline: Pipeline) -> dict[str, Component]:
        """Those of its stages that the pipeline has."""
        return {stage: component for stage, component in pipeline.online.items() if stage in self.stages}


@dataclass(frozen=True, slots=True)
class Batch:
    """Requests that are answered together, each as it is handed to the first stage of the replica.

    Attributes:
        pipeline: the place of the pipeline among those of the replica.
    """

    requests: tuple[Request, ...]
    pipeline: int = 0


@dataclass(frozen=True, slots=True)
class BatchAnswered:
    """What became of a batch.

    Attributes:
        results: for each request, in order: the answer; where no stage answered, the request that the next stage is to
            be handed; or why it failed.
        rankings: for each request, the passages after the last of these stages that ranked any; empty where none did.
        tokens: for each request, those of the language models that these stages asked.
        seconds: from when the replica had read the batch until it had these.
        spans: one for each stage, over the whole batch.
    """

    results: tuple[Answer | Request | Failure, ...]
    rankings: tuple[Ranking, ...]
    tokens: tuple[TokensUsed, ...]
    seconds: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ReplicaReady:
    """A replica waits for batches.

    Attributes:
        seconds: from the start of its process.
    """

    seconds: float
