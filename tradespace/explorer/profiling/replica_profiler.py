"""Measures what batches take in replicas, with one replica busy and with several, and writes it into the ledger."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import Self

from tradespace.components.threads import cores
from tradespace.explorer.profiling.closed_loop import keep_busy
from tradespace.explorer.profiling.fitting import MeasuredBatch
from tradespace.explorer.profiling.grid import ProfileGrid, affordable_grid, full_grid
from tradespace.explorer.profiling.handed_on import requests_of
from tradespace.explorer.profiling.records import ReplicaRecords
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replayed_calls import is_remote
from tradespace.explorer.running.replicas import Replica, ReplicaSetup
from tradespace.types import Failure, Question, Request

ROUNDS, BATCHES = 4, 3
"""How often each size and number of busy replicas has its turn, and batches of each replica in one: turns spread what
drift of the machine there is."""
FEWEST_ROUNDS = 2
"""Rounds that are made however long they take."""


@dataclass(frozen=True)
class ReplicaProfiler:
    """Measures some stages of a pipeline.

    Attributes:
        records: where it is written, and what is measured.
        requests: what the first of the stages is given, by the question's id.
        alone: seconds that the stages take for it when it is asked alone, as the study has them; those of questions
            that are not among them are not measured.
        seconds: that measuring takes, about, besides opening the replicas.
    """

    records: ReplicaRecords
    opened_components: OpenedComponents
    requests: Mapping[str, Request]
    alone: Mapping[str, float]
    seconds: float = 10.0

    @classmethod
    def of_study(
        cls,
        records: ReplicaRecords,
        opened_components: OpenedComponents,
        questions: Sequence[Question],
        taken: Mapping[str, Sequence[float | None]],
        seconds: float = 10.0,
    ) -> Self:
        """Of a study's questions, and what the stages took for them, as an evaluation of the pipeline has it.

        Raises:
            ComponentError: the corpus cannot be made.
        """
        rows = zip(*(taken[stage] for stage in records.stages if stage in taken), strict=True)
        alone = {question.id: _sum(row) for question, row in zip(questions, rows, strict=True)}
        requests = requests_of(opened_components, records.ledger, records.pipeline, records.stages, questions)
        known = {question: each for question, each in alone.items() if each is not None}
        return cls(records, opened_components, requests, known, seconds)

    def measure(self, batch: int, busy: int) -> None:
        """Measure batches of 1 up to `batch`, with 1 up to `busy` replicas at work. What the ledger has is not
        measured again, nor stages that ask a server.

        Raises:
            ComponentError: a component could not be opened.
            ReplicaLostError: a replica's process ended.
        """
        grid, known = full_grid(batch, busy), self.records.measured()
        if (
            not self._questions
            or self._asks_a_server
            or all(known.get(cell, 0) >= FEWEST_ROUNDS * BATCHES for cell in grid.corners)
        ):
            return
        with ExitStack() as stack:
            replicas = [stack.enter_context(Replica(self._setup)) for _ in range(busy)]
            asked = self._asked()
            keep_busy(replicas, self._batches(asked, batch), busy)  # memory for the largest is taken once
            self._measure(replicas, asked, grid)

    def _measure(self, replicas: Sequence[Replica], asked: Iterator[str], grid: ProfileGrid) -> None:
        start = time.monotonic()
        slower, sharing = self._measure_alone(replicas[:1], asked), self.records.threads / cores()

        def seconds(size: int, busy: int) -> float:
            return FEWEST_ROUNDS * BATCHES * size * slower * max(1.0, busy * sharing)

        grid = affordable_grid(grid, seconds, self.seconds - (time.monotonic() - start))
        order = random.Random(0)
        for done in range(ROUNDS):
            if done >= FEWEST_ROUNDS and time.monotonic() - start > self.seconds:
                return
            for size, busy in order.sample(grid.cells, len(grid.cells)):
                self._turn(replicas[:busy], asked, size, BATCHES * busy)

    def _measure_alone(self, replica: Sequence[Replica], asked: Iterator[str]) -> float:
        """Measure questions in batches of their own for half of the time, each once at most, for they tell most; the
        seconds that one takes."""
        start, measured, every = time.monotonic(), 0, len(self._questions)
        while measured < every and (time.monotonic() - start < self.seconds / 2 or measured < FEWEST_ROUNDS * BATCHES):
            self._turn(replica, asked, 1, BATCHES)
            measured += BATCHES
        return (time.monotonic() - start) / measured

    def _turn(self, replicas: Sequence[Replica], asked: Iterator[str], size: int, count: int) -> None:
        """Measure some batches, and write them down; those with a question that failed say nothing of the others."""
        answered = keep_busy(replicas, self._batches(asked, size), count)
        self.records.add(
            [
                (
                    questions,
                    MeasuredBatch(size, len(replicas), sum(map(self.alone.__getitem__, questions)), ended.seconds),
                )
                for questions, ended in answered
                if not any(isinstance(result, Failure) for result in ended.results)
            ]
        )

    def _asked(self) -> Iterator[str]:
        """The questions over and over, each time in another order."""
        order = random.Random(0)
        while True:
            yield from order.sample(self._questions, len(self._questions))

    def _batches(self, asked: Iterator[str], size: int) -> Iterator[tuple[tuple[str, ...], list[Request]]]:
        while True:
            questions = tuple(islice(asked, size))
            yield questions, [self.requests[question] for question in questions]

    @property
    def _questions(self) -> list[str]:
        return [question for question in self.requests if self.alone.get(question, 0.0) > 0.0]

    @property
    def _asks_a_server(self) -> bool:
        stages = self.records.pipeline.online
        return any(
            is_remote(part) for stage in self.records.stages if stage in stages for part in stages[stage].parts()
        )

    @property
    def _setup(self) -> ReplicaSetup:
        records, opened = self.records, self.opened_components
        return ReplicaSetup(opened.documents, opened.folder, (records.pipeline,), records.stages, records.threads)


def _sum(seconds: Sequence[float | None]) -> float | None:
    return None if None in seconds else sum(each for each in seconds if each is not None)
