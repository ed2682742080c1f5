"""Values that cross the boundaries between rooms. All are immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

LATENCIES: Mapping[str, float | None] = {
    "latency_mean": None,
    "latency_p50": 0.50,
    "latency_p90": 0.90,
    "latency_p95": 0.95,
    "latency_p99": 0.99,
}
"""Latency figures by name, in seconds: the quantile over questions, or None for the mean."""
USD_PER_1K = "usd_per_1k"
"""The cost figure: dollars for a thousand questions."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text of a corpus, before chunking."""

    id: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that a retriever can return. `id` is unique within one chunking of a corpus."""

    id: str
    document_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with the score of the component that ranked it last; higher is better."""

    passage: Passage
    score: float


Ranking = tuple[ScoredPassage, ...]
"""Passages, best first."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its accepted answers and the ids of the documents that hold the answer.

    `answers` or `gold` may be empty: measures that need them are then missing for this question.
    """

    id: str
    text: str
    answers: tuple[str, ...] = ()
    gold: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader or language model answered. `confidence` is a calibrated probability where there is one."""

    text: str
    score: float
    passage_id: str | None = None
    confidence: float | None = None


Outcome = Ranking | Answer
"""What a call returns: the passages of a retriever or reranker, or the answer of a reader."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a component is given: the question's text and the passages ranked so far, best first.

    Scores are not handed on, on purpose: what a component answers depends on the passages alone, so that pipelines
    whose retrievers find the same passages share every call that follows.
    """

    question: str
    passages: tuple[Passage, ...] = ()

    def with_ranking(self, ranking: Ranking) -> Request:
        """Return the same question with the passages of `ranking`."""
        return replace(self, passages=tuple(scored.passage for scored in ranking))


@dataclass(frozen=True, slots=True)
class Failure:
    """A component that raised for a request, in words. It is kept and shown: never a zero, never dropped."""

    message: str
