"""How soon a strategy proposes in a space of a million pipelines."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.search import Partial, search_algorithm
from tradespace.explorer.search.candidates import Appraisal, Cells
from tradespace.search_space.sections import NamedSearch
from tradespace.search_space.specification import load_text

SPACE = """
name: million
data: {dataset: wikipedia}
pipeline:
  retrieve:
    bm25: {k1: {from: 0.1, to: 2.0, step: 0.1}, b: {from: 0.05, to: 1.0, step: 0.05}, top_k: {from: 1, to: 20}}
  rerank: {mmr: {keep: {from: 1, to: 10}}}
  generate: {sentence: {passages: {from: 1, to: 13}}}
objectives: {answer_f1: maximize, latency_p95: minimize}
sla: {latency_p95: 2 s}
"""
QUESTIONS, BATCHES, BATCH = 100, 20, 32


@dataclass
class Made:
    """A source whose figures are made up: pipelines that agree in two settings make the same call for a question."""

    questions: int = QUESTIONS
    cost_names: tuple[str, ...] = ("latency_p95",)
    score_names: tuple[str, ...] = ("answer_f1",)
    unit: str = "s"
    bought: set[int] = field(default_factory=set)
    _numbers: dict[tuple[float, ...], int] = field(default_factory=dict)

    @property
    def prices(self) -> Floats:
        """Every call costs a second."""
        return np.ones(len(self._numbers) * self.questions)

    def appraise(self, pipelines: Sequence[Pipeline]) -> Appraisal:
        """Every cell is one call."""
        cells = [(pipeline, question) for pipeline in pipelines for question in range(self.questions)]
        alike = np.array([self._number(pipeline) for pipeline in pipelines], dtype=np.intp)
        return Appraisal(alike, *self.costs(pipelines), self.reveal(cells))

    def reveal(self, cells: Sequence[tuple[Pipeline, int]]) -> Cells:
        """What was bought is known."""
        calls = np.array([self._number(pipeline) * self.questions + question for pipeline, question in cells])
        lacking = np.array([call not in self.bought for call in calls.tolist()], dtype=bool)
        scores = np.where(lacking, np.nan, (calls * 2654435761 % 1000) / 1000)
        starts = np.concatenate([[0], np.cumsum(lacking)]).astype(np.intp)
        return Cells(scores[:, None], starts, calls[lacking].astype(np.intp), np.zeros(len(cells)))

    def costs(self, pipelines: Sequence[Pipeline]) -> tuple[Floats, Floats]:
        """The more is read, the longer it takes."""
        seconds = np.array([[0.2 * pipeline.components[2].passages] for pipeline in pipelines])  # type: ignore[attr-defined]
        return seconds, np.full_like(seconds, 0.02)

    def buy(self, pipeline: Pipeline, questions: range) -> None:
        """Make the calls of a pipeline."""
        number = self._number(pipeline) * self.questions
        self.bought.update(number + question for question in questions)

    def _number(self, pipeline: Pipeline) -> int:
        retriever, _, reader = pipeline.components
        key = (retriever.k1, retriever.b, min(retriever.top_k, reader.passages))  # type: ignore[attr-defined]
        return self._numbers.setdefault(key, len(self._numbers))


def proposing(name: str = "frontier", seed: int = 0) -> tuple[int, float, Integers | Floats]:
    """The size of the space, seconds to the first batch, and seconds of each batch after it: telling and asking."""
    specification = load_text(SPACE)
    source = Made()
    search = search_algorithm(NamedSearch(name)).start(specification.space, specification.goals, seed, source=source)
    start = time.process_time()
    steps = search.ask(BATCH)
    first, later = time.process_time() - start, list[float]()
    while steps and len(later) < BATCHES:
        for step in steps:
            source.buy(step.pipeline, step.questions or range(QUESTIONS))
        start = time.process_time()
        for step in steps:
            search.tell(step.pipeline, Partial())
        steps = search.ask(BATCH)
        later.append(time.process_time() - start)
    return specification.space.size() or 0, first, np.array(later)
