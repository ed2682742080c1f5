"""What is called: real components on real questions, and one that only waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tradespace.components.base import Pipeline
from tradespace.components.notation import parse
from tradespace.data.load import load_dataset
from tradespace.testing.cluster_components import Unhurried
from tradespace.types import Document

BATCH, SECONDS = 16, 0.05
"""Calls in a batch of the component that only waits, and the seconds that it waits for each."""

WARMING = 64
"""Questions that are asked before the clock starts: of both pipelines of the reasoner they are batches for two workers,
which open it then."""


@dataclass(frozen=True)
class Work:
    """Pipelines on questions.

    Attributes:
        documents: that are searched.
        pipelines: all of them answer all questions.
        questions: those that are asked.
        warm_up: others, which are asked before: until then components are opened.
    """

    documents: Sequence[Document]
    pipelines: Sequence[Pipeline]
    questions: Sequence[str]
    warm_up: Sequence[str]


def reasoner(size: int) -> Work:
    """Slow calls: a tiny reasoner reads what BM25 found, of `size` questions."""
    data = load_dataset("microworld")
    texts = [question.text for question in data.questions]
    model = 'llm(model=tiny_reasoner(size="medium"), strategy={strategy}, passages=2)'
    pipelines = [parse(f"bm25(top_k=2) >> {model.format(strategy=name)}") for name in ("direct()", "cot()")]
    return Work(data.documents, pipelines, texts[:size], texts[size : size + WARMING])


def bm25(size: int) -> Work:
    """Quick calls: twenty settings of BM25 on `size` questions of Wikipedia."""
    data = load_dataset("wikipedia")
    texts = [question.text for question in data.questions]
    settings = [(k1, b, top) for k1 in (0.9, 1.2) for b in (0.4, 0.75) for top in (1, 3, 5, 10, 20)]
    pipelines = [parse(f"bm25(k1={k1}, b={b}, top_k={top})") for k1, b, top in settings]
    return Work(data.documents, pipelines, texts[WARMING : size + WARMING], texts[:WARMING])


def waiting(size: int, seconds: float = SECONDS, batch: int = BATCH) -> Work:
    """`size` batches of calls that only wait, so that the cores of this machine don't matter."""
    texts = [f"question {number}" for number in range(size * batch)]
    pipelines = [Pipeline((Unhurried(seconds=seconds, batch=batch),))]
    return Work((), pipelines, texts, [f"before {number}" for number in range(1024 * batch)])


WORKS: dict[str, Callable[[int], Work]] = {
    "reasoner": reasoner,
    "bm25": bm25,
    "waiting": waiting,
    "nothing": lambda size: waiting(size, seconds=0.0),
    "nothing-256": lambda size: waiting(size, seconds=0.0, batch=256),
}
