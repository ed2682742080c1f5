"""Batches on their way to workers and back, and what is learnt on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ray

from tradespace.components.base import Component
from tradespace.components.corpus import Corpus
from tradespace.explorer.running.executors.base import CallBatch
from tradespace.explorer.running.executors.on_ray.transport import from_compact, packed, unpacked
from tradespace.explorer.running.executors.on_ray.worker import MadeOnNode
from tradespace.types import Failure, Outcome, Timed


class BatchSender:
    """Packs batches for workers, and unpacks what comes of them. A corpus is put into Ray's store once for all."""

    def __init__(self) -> None:
        self._corpora: dict[str, Any] = {}
        self._seconds: dict[Component, float] = {}

    def sent(self, batch: CallBatch) -> tuple[bytes, int, str, list[Any]]:
        """A batch as `CallWorker.make` takes it.

        Raises:
            pickle.PicklingError, AttributeError, TypeError: its component cannot be sent.
        """
        data = packed((batch.component, batch.requests), batch.corpus)
        return data, len(batch.requests), batch.corpus.key, self.reference(batch.corpus)

    def reference(self, corpus: Corpus) -> list[Any]:
        """Where workers find passages and documents of a corpus: in a list, so that they are read when asked for."""
        if corpus.key not in self._corpora:
            self._corpora[corpus.key] = ray.put((corpus.passages, corpus.documents))
        return [self._corpora[corpus.key]]

    def received(self, batch: CallBatch, answer: bytes) -> Sequence[Outcome | Timed | Failure]:
        """What came of a batch."""
        made: MadeOnNode = unpacked(answer, batch.corpus)
        self._seconds[batch.component] = max(made.seconds, self._seconds.get(batch.component, 0.0))
        return [from_compact(sent, batch.corpus) for sent in made.outcomes]

    def expected(self, batch: CallBatch) -> float | None:
        """The seconds that a batch takes at most, as far as earlier ones of its component tell."""
        return self._seconds.get(batch.component)
