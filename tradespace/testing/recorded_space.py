"""A recorded space whose truth is computed: retrievers that rank passages, and readers that read them one by one.

Pipelines that read the same passage with the same reader share that call; some pipelines are one in disguise; more
passages and a larger reader score better, and cost more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.dominance import non_dominated
from tradespace.explorer.search.candidates import RecordedCandidates
from tradespace.search_space.specification import Specification, load_text

READING_YAML = """
name: reading
data: {dataset: none}
pipeline:
  retrieve:
    bm25: {top_k: [1, 2, 5, 10]}
    dense: {top_k: [1, 2, 5]}
    hybrid: {top_k: [5, 10]}
  rerank: {none: {}, maxsim: {keep: [1, 2, 5]}}
  generate: {reader: {layers: [3, 6], passages: [1, 2, 5]}}
objectives: {answer_f1: maximize, latency_p95: minimize}
sla: {latency_p95: 100 ms}
constraints: [generate.passages <= retrieve.top_k]
"""
PASSAGES_EACH = 30
RETRIEVAL_ERRORS = {"bm25": 1.2, "dense": 1.0, "hybrid": 0.8}
"""How far each errs about how relevant a passage is; the reranker errs by less."""
RERANKER = 0.6
RIGHT = {3: 0.7, 6: 0.85}
"""How often a reader of so many layers answers right from the right passage."""
SECONDS_TO_READ = {3: 0.012, 6: 0.024}


@dataclass(frozen=True)
class _Question:
    """What is drawn for a question: how relevant each passage seems to whom, and what readings of it come to."""

    seems: dict[str, Floats]
    confidence: dict[int, Floats]
    scores: dict[int, Floats]
    lengths: Floats

    @classmethod
    def drawn(cls, generator: np.random.Generator) -> _Question:
        """The first passage is the right one."""
        relevance = np.where(np.arange(PASSAGES_EACH) == 0, 2.5, 0.0) + generator.normal(0, 0.5, PASSAGES_EACH)
        errors = {**RETRIEVAL_ERRORS, "maxsim": RERANKER}
        right = {layers: generator.random() < share for layers, share in RIGHT.items()}
        by_chance = generator.random(PASSAGES_EACH) < 0.05
        return cls(
            {name: relevance + generator.normal(0, error, PASSAGES_EACH) for name, error in errors.items()},
            {layers: relevance + generator.normal(0, 0.5, PASSAGES_EACH) for layers in RIGHT},
            {
                layers: np.where(np.arange(PASSAGES_EACH) == 0, right[layers], by_chance).astype(float)
                for layers in RIGHT
            },
            generator.gamma(8, 1 / 8, PASSAGES_EACH),
        )

    def read(self, pipeline: Pipeline) -> Integers:
        """The passages that the reader of a pipeline is handed."""
        retriever, reranker, reader = pipeline.stages.values()
        ranked = np.argsort(-self.seems[retriever.name], kind="stable")[: retriever.settings["top_k"]]
        if reranker.name == "maxsim":
            ranked = ranked[np.argsort(-self.seems["maxsim"][ranked], kind="stable")][: reranker.settings["keep"]]
        return np.asarray(ranked[: reader.settings["passages"]])


def reading_specification(stages: str = READING_YAML) -> Specification:
    """The space and its goals."""
    return load_text(stages)


def reading_space(specification: Specification, questions: int = 150, seed: int = 0) -> RecordedCandidates:
    """A source that knows all pipelines of the space on questions that are drawn."""
    members = list(specification.space.members())
    generator = np.random.default_rng(seed)
    drawn = [_Question.drawn(generator) for _ in range(questions)]
    cells = [_Cell.of(pipeline, place, each) for pipeline in members for place, each in enumerate(drawn)]
    shape = (len(members), questions)
    return RecordedCandidates(
        members,
        np.array([cell.score for cell in cells]).reshape(*shape, 1),
        np.quantile(np.array([cell.seconds for cell in cells]).reshape(shape), 0.95, axis=1)[:, None],
        np.concatenate([[0], np.cumsum([len(cell.calls) for cell in cells])]).astype(np.intp),
        np.concatenate([cell.calls for cell in cells]),
        np.array([[SECONDS_TO_READ[layers] * each.lengths for layers in SECONDS_TO_READ] for each in drawn]).reshape(
            -1
        ),
        ("latency_p95",),
        ("answer_f1",),
        alike=_same_calls(
            [[cell.calls for cell in cells[row : row + questions]] for row in range(0, len(cells), questions)]
        ),
    )


@dataclass(frozen=True)
class _Cell:
    """What a pipeline makes of a question: the numbers of its calls, how long they take, and what it scores."""

    calls: Integers
    seconds: float
    score: float

    @classmethod
    def of(cls, pipeline: Pipeline, place: int, question: _Question) -> _Cell:
        layers, read = pipeline.stages["generate"].settings["layers"], question.read(pipeline)
        surest = read[np.argmax(question.confidence[layers][read])]
        calls = (place * len(SECONDS_TO_READ) + list(SECONDS_TO_READ).index(layers)) * PASSAGES_EACH + np.sort(read)
        return cls(
            calls, float(SECONDS_TO_READ[layers] * question.lengths[read].sum()), float(question.scores[layers][surest])
        )


def _same_calls(rows: Sequence[Sequence[Integers]]) -> Integers:
    """A number for each row; those with one number make the same calls."""
    numbers: dict[tuple[bytes, ...], int] = {}
    keys = [tuple(calls.tobytes() for calls in row) for row in rows]
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.intp)


def true_frontier(source: RecordedCandidates, ceiling: float) -> set[Pipeline]:
    """Pipelines within a ceiling on the cost that no other there is at least as good as in both, and better in one."""
    kept = np.flatnonzero(source.known_costs[:, 0] <= ceiling)
    points = np.column_stack([source.truth.mean(axis=1)[kept, 0], source.known_costs[kept, 0]])
    return {source.pipelines[kept[place]] for place in np.flatnonzero(non_dominated(points, [True, False]))}


def most_missed(source: RecordedCandidates, complete: Sequence[Pipeline], ceiling: float) -> float:
    """By how much the best within a ceiling on the cost scores more than the best complete one that costs no more."""
    means = dict(zip(source.pipelines, source.truth.mean(axis=1)[:, 0], strict=True))
    costs = dict(zip(source.pipelines, source.known_costs[:, 0], strict=True))
    reached = [
        max((means[each] for each in complete if costs[each] <= costs[pipeline]), default=0.0) for pipeline in means
    ]
    missed = [means[each] - best for each, best in zip(means, reached, strict=True) if costs[each] <= ceiling]
    return float(max(missed))
