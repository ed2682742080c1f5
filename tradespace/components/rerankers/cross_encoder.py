"""The embedded cross-encoder: question and passage are read together by one network (Nogueira & Cho 2019)."""

from __future__ import annotations

from functools import cached_property
from math import inf
from typing import ClassVar

from tradespace.components.base import Call, Process, Reranker, answer_of
from tradespace.components.readers.reader import LayerCount, PrecisionChoice, RuntimeChoice, TrainedReader
from tradespace.components.rerankers.base import Keep
from tradespace.components.rerankers.pointwise import best_passages
from tradespace.types import Answer, Passage, Request, ScoredPassage


class EmbeddedCrossEncoder(Reranker):
    """Orders passages by the log-odds that they hold the answer, as `reader` tells them with each answer.

    Its calls are the reader's, so that a passage that is both reranked and read at one depth is read once. It was
    trained on most of the questions of `wikipedia/nq`: of the bundled data, judge it by `wikipedia/xquad` alone.
    """

    name: ClassVar[str] = "cross_encoder"

    keep: Keep = 3
    layers: LayerCount = 6
    precision: PrecisionChoice = "fp32"
    runtime: RuntimeChoice = "onnxruntime"

    @cached_property
    def reader(self) -> TrainedReader:
        """The component of every call: it reads one passage."""
        return TrainedReader(layers=self.layers, precision=self.precision, runtime=self.runtime).one_passage

    def process(self, request: Request) -> Process:
        calls = [Call(self.reader, Request(request.question, (passage,))) for passage in request.passages]
        answers = [answer_of(outcome) for outcome in (yield calls)]
        return best_passages(map(_scored, request.passages, answers), self.keep)


def _scored(passage: Passage, answer: Answer) -> ScoredPassage:
    return ScoredPassage(passage, -inf if answer.relevance is None else answer.relevance)
