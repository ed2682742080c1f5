"""The distinct jobs of many pipelines: each stage on each thing that it is given, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tradespace.components.base import Component, Pipeline
from tradespace.components.corpus import Corpus
from tradespace.explorer.arrays import Integers
from tradespace.explorer.running.replayed_calls import StageJob
from tradespace.explorer.running.runner import Trace
from tradespace.types import Failure, Question

FAILED = -1
"""Stands where a stage failed or was not reached."""

JobNumbers = Mapping[str, Integers]
"""By stage of a pipeline, the number of its job for each question."""


@dataclass
class StageJobs:
    """Numbers jobs in the order in which they are met.

    Attributes:
        questions: those that traces are of, in order.
        corpus_of: the corpus that a pipeline searches.
        jobs: the distinct ones.
        asked: the place of the first question of each.
    """

    questions: Sequence[Question]
    corpus_of: Callable[[Pipeline], Corpus]
    jobs: list[StageJob] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    _numbers: dict[StageJob, int] = field(default_factory=dict)
    _same: dict[tuple[int, int], int] = field(default_factory=dict)
    _stages: dict[tuple[Component, str], int] = field(default_factory=dict)

    def numbers(self, pipeline: Pipeline, traces: Sequence[Trace]) -> JobNumbers:
        """The jobs of a pipeline's stages. Traces must live as long as jobs are numbered: equal requests are mostly
        one object, and looked up as such."""
        rows = {stage: np.full(len(traces), FAILED, dtype=np.intp) for stage in pipeline.online}
        if all(trace.stage is None for trace in traces):
            return rows
        corpus = self.corpus_of(pipeline)
        stages = {
            stage: (self._stages.setdefault((component, corpus.key), len(self._stages)), component)
            for stage, component in pipeline.online.items()
        }
        for place, trace in enumerate(traces):
            step = trace.before if isinstance(trace.outcome, Failure) else trace
            while step is not None and step.before is not None and step.stage is not None:
                number, component = stages[step.stage]
                rows[step.stage][place] = self._number(number, component, step.before, corpus, place)
                step = step.before
        return rows

    def _number(self, stage: int, component: Component, before: Trace, corpus: Corpus, place: int) -> int:
        known = self._same.get((stage, id(before.request)))
        if known is None:
            job = StageJob(component, before.request, corpus)
            known = self._numbers.setdefault(job, len(self.jobs))
            self._same[stage, id(before.request)] = known
            if known == len(self.jobs):
                self.jobs.append(job)
                self.asked.append(place)
        return known
