"""The embedded cross-encoder: question and passage are read together by one network (Nogueira & Cho 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import inf, log
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Call, Component, Process, Reranker, answer_of
from tradespace.components.readers.reader import LayerCount, PrecisionChoice, RuntimeChoice, TrainedReader
from tradespace.components.rerankers.base import Keep
from tradespace.components.rerankers.pointwise import best_passages, keeping_at_most
from tradespace.types import Request, ScoredPassage


class EmbeddedCrossEncoder(Reranker):
    """Orders passages by the log-odds that they hold the answer, which `reader` reports with each answer.

    The order that passages come in counts as well: `prior` times the logarithm of the rank is taken off. With 1 the
    odds would fall as one over the rank before anything is read; the default was best on questions kept from training.

    Its calls are the reader's, so that a passage that is both reranked and read at one depth is read once. It was
    trained on most of the questions of `wikipedia/nq`: of the bundled data, judge it by `wikipedia/xquad` alone.
    """

    name: ClassVar[str] = "cross_encoder"
    in_words: ClassVar[str] = "a cross-encoder keeps {keep}"

    keep: Keep = 3
    prior: float = Field(default=0.75, ge=0, le=10, description="how much the order of the retriever counts")
    layers: LayerCount = 6
    precision: PrecisionChoice = "fp32"
    runtime: RuntimeChoice = "onnxruntime"

    @cached_property
    def reader(self) -> TrainedReader:
        """The component of every call: it reads one passage."""
        return TrainedReader(layers=self.layers, precision=self.precision, runtime=self.runtime).one_passage

    @property
    def weights_checksum(self) -> str:
        return self.reader.weights_checksum

    def process(self, request: Request) -> Process:
        calls = [Call(self.reader, Request(request.question, (passage,))) for passage in request.passages]
        answers = [answer_of(outcome) for outcome in (yield calls)]
        odds = [-inf if answer.relevance is None else answer.relevance for answer in answers]
        return best_passages(map(ScoredPassage, request.passages, with_prior(odds, self.prior)), self.keep)

    def simplified(self, request: Request) -> tuple[Component, Request]:
        return keeping_at_most(self, len(request.passages)), request


def with_prior(odds: Sequence[float], prior: float) -> list[float]:
    """Log-odds of passages in the order in which a retriever found them, less what their ranks cost them."""
    return [log_odds - prior * log(rank) for rank, log_odds in enumerate(odds, start=1)]
