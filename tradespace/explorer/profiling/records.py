"""Batches that were measured, as timings in a ledger: written there, and read back as profiles."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from tradespace.components.base import Pipeline
from tradespace.explorer.host import load
from tradespace.explorer.load.profiles import BatchProfile
from tradespace.explorer.load.station_profiles import MeasuredQuestions, ProfiledStages
from tradespace.explorer.profiling.fitting import MeasuredBatch, fit_profile
from tradespace.explorer.results import QuestionSet
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.entries import Timing
from tradespace.explorer.storage.timing_keys import handed_on_by, replica_key
from tradespace.types import Question


@dataclass(frozen=True)
class ReplicaRecords:
    """What a ledger has of some stages of a pipeline in replicas on a host.

    Attributes:
        data: the key of the data set, as in a study's provenance.
        stages: those that the replica holds.
        threads: that it computes in.
    """

    ledger: Ledger
    host: str
    data: str
    pipeline: Pipeline
    stages: tuple[str, ...]
    threads: int = 1

    def profile(self) -> BatchProfile | None:
        """Fitted to all measured batches of these stages, whichever pipelines have them; None where there are none."""
        return self._fitted(list(self._batches()))

    def seconds(self) -> dict[str, float]:
        """What questions took, each in a batch of its own while one replica worked, by their ids; in the median.

        Of this pipeline alone: another may hand other passages to the same stages.
        """
        return self._taken(self._batches())

    def profiled(self, questions: Sequence[Question], question_set: QuestionSet) -> ProfiledStages | None:
        """The profile, and what the questions of a set took, in its order; None where there is no profile."""
        batches = list(self._batches())
        if (profile := self._fitted(batches)) is None:
            return None
        taken, stages = self._taken(batches), self.pipeline.online
        components = tuple(repr(stages[stage]) for stage in self.stages if stage in stages)
        measured = tuple(taken.get(question.id) for question in questions)
        return ProfiledStages(components, profile, (MeasuredQuestions(str(self.pipeline), question_set, measured),))

    def measured(self) -> dict[tuple[int, int], int]:
        """How many batches were measured of each size and number of busy replicas."""
        counted: defaultdict[tuple[int, int], int] = defaultdict(int)
        for batch, _ in self._batches():
            counted[batch.size, batch.busy] += 1
        return dict(counted)

    def add(self, batches: Sequence[tuple[Sequence[str], MeasuredBatch]]) -> None:
        """Write down what batches took, each with the ids of the questions in it."""
        before = handed_on_by(self.pipeline, self.stages)
        now: dict[str, float | int | str] = {"threads": self.threads, "load": load(), "before": before}
        self.ledger.record(
            [
                Timing(
                    self.host,
                    self._key,
                    json.dumps(list(questions)),
                    batch.seconds,
                    {"batch": batch.size, "concurrency": batch.busy, "alone": batch.alone, **now},
                )
                for questions, batch in batches
            ]
        )

    def _fitted(self, batches: Sequence[tuple[MeasuredBatch, Timing]]) -> BatchProfile | None:
        measured = [batch for batch, _ in batches]
        return fit_profile(measured, self.threads) if any(batch.is_single for batch in measured) else None

    def _taken(self, batches: Iterable[tuple[MeasuredBatch, Timing]]) -> dict[str, float]:
        before = handed_on_by(self.pipeline, self.stages)
        taken: defaultdict[str, list[float]] = defaultdict(list)
        for batch, timing in batches:
            if batch.is_single and timing.conditions["before"] == before:
                taken[json.loads(timing.question)[0]].append(batch.seconds)
        return {question: median(seconds) for question, seconds in taken.items()}

    def _batches(self) -> Iterator[tuple[MeasuredBatch, Timing]]:
        for timing in self.ledger.timings([self._key], self.host):
            size, busy, alone = (timing.conditions[name] for name in ("batch", "concurrency", "alone"))
            before = timing.conditions["before"]
            requests = tuple(f"{before} {question}" for question in json.loads(timing.question))
            yield MeasuredBatch(int(size), int(busy), float(alone), timing.seconds, requests), timing

    @property
    def _key(self) -> str:
        return replica_key(self.data, self.pipeline, self.stages, self.threads)
