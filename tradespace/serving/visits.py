"""A request at a group of stages: what it asks, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass

from tradespace.components.base import Pipeline
from tradespace.errors import ComponentError
from tradespace.explorer.running.jobs import TokensUsed
from tradespace.explorer.running.one_question import Span
from tradespace.explorer.running.replicas import BatchAnswered
from tradespace.types import Answer, Failure, Ranking, Request


@dataclass(frozen=True, slots=True)
class Visited:
    """What a group made of a request.

    Attributes:
        result: the answer, or what the next group is to be handed.
        ranking: the passages of its last stage that ranked any; empty where none did.
        tokens: of the language models that it asked.
        queued: seconds until a replica took it.
        spans: of its stages, over the whole batch that it was in.
    """

    result: Answer | Request
    ranking: Ranking
    tokens: TokensUsed
    queued: float
    spans: tuple[Span, ...]


@dataclass(eq=False, slots=True)
class GroupVisit:
    """A request that waits for a group to answer it.

    Attributes:
        kind: the components that are to answer it; only requests of one kind share a batch.
        entered, taken: when it joined the queue, and when a replica took it, by `time.monotonic`; the event loop's
            own clock may be coarse.
        orphaned: whether a replica has died over it.
    """

    request: Request
    pipeline: Pipeline
    kind: Hashable
    entered: float
    answer: asyncio.Future[Visited]
    taken: float = 0.0
    orphaned: bool = False

    def end(self, batch: BatchAnswered, place: int) -> None:
        """Tell what became of it, at its place of a batch, if anybody still waits."""
        result = batch.results[place]
        if isinstance(result, Failure):
            self.fail(ComponentError(result.message))
        elif not self.answer.done():
            queued = self.taken - self.entered
            self.answer.set_result(Visited(result, batch.rankings[place], batch.tokens[place], queued, batch.spans))

    def fail(self, error: Exception) -> None:
        """Tell that there is no answer, if anybody still waits."""
        if not self.answer.done():
            self.answer.set_exception(error)


@dataclass(frozen=True, slots=True)
class WorkedBatch:
    """A batch that a replica has answered, of so many requests, in so many seconds."""

    pipeline: Pipeline
    size: int
    seconds: float
