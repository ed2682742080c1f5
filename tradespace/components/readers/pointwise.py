"""Readers that read each passage on its own and give the best answer, so that pipelines share the reading."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Annotated, Self, TypeVar

from pydantic import Field

from tradespace.components.base import Call, Component, Operator, Process, Reader, answer_of
from tradespace.components.corpus import Corpus
from tradespace.types import Answer, Outcome, Pair, Passage, Request

PassageCount = Annotated[int, Field(ge=1, le=20, description="how many of the ranked passages are read")]

PairReader = Callable[[Sequence[Pair]], Sequence[Answer]]
"""Reads pairs: as many answers as pairs, in the same order, with scores that compare across passages."""

EMPTY_ANSWER = Answer(text="", score=-1.0)
"""The answer where there is nothing to read; no cosine and no probability is lower."""


class PointwiseReader(Reader, ABC):
    """Answers from the passage whose answer scores highest; among equal scores the better ranked passage wins."""

    passages: PassageCount = 3

    @abstractmethod
    def reader(self, corpus: Corpus) -> PairReader:
        """Load what reads pairs. The corpus may only make it faster.

        Raises:
            ComponentError: the model cannot be loaded.
        """

    @cached_property
    def one_passage(self) -> Self:
        """This reader with `passages` at its default: the component of every call for a single passage."""
        return self.with_settings(passages=type(self).model_fields["passages"].default)

    def open(self, corpus: Corpus) -> Operator:
        read = self.reader(corpus)

        def operate(requests: Sequence[Request]) -> list[Outcome]:
            pairs = self.pairs(requests)
            answers = dict(zip(pairs, read(pairs), strict=True)) if pairs else {}
            return [
                best_answer([answers[request.question, passage] for passage in self._seen(request)])
                for request in requests
            ]

        return operate

    def pairs(self, requests: Sequence[Request]) -> list[Pair]:
        """What there is to read for a batch of requests, each pair once."""
        return list(
            dict.fromkeys((request.question, passage) for request in requests for passage in self._seen(request))
        )

    def process(self, request: Request) -> Process:
        calls = [Call(self.one_passage, Request(request.question, (passage,))) for passage in self._seen(request)]
        outcomes = yield calls
        return best_answer([answer_of(outcome) for outcome in outcomes])

    def simplified(self, request: Request) -> tuple[Component, Request]:
        """The order of passages matters among equal scores only: it is left out."""
        passages = sorted(self._seen(request), key=lambda passage: passage.id)
        return reading_at_most(self, len(passages)), Request(request.question, tuple(passages))

    def _seen(self, request: Request) -> tuple[Passage, ...]:
        return request.passages[: self.passages]


AnyReader = TypeVar("AnyReader", bound=Reader)


@lru_cache(maxsize=1024)
def reading_at_most(reader: AnyReader, passages: int) -> AnyReader:
    """A reader with a setting `passages`, set to so many, and to 1 at least."""
    return reader.with_settings(passages=max(1, passages))


def best_answer(answers: Sequence[Answer]) -> Answer:
    """The answer with the highest score, the first of equals; `EMPTY_ANSWER` if there is none."""
    return max(answers, key=lambda answer: answer.score, default=EMPTY_ANSWER)
