"""Rerankers that score each passage on its own, so that all pipelines that show it a passage share the call."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Self, TypeVar

from tradespace.components.base import Call, Component, Operator, Process, Reranker, ranking_of
from tradespace.components.checked import checked_scores
from tradespace.components.corpus import Corpus
from tradespace.components.rerankers.base import Keep
from tradespace.types import Outcome, Pair, Ranking, Request, ScoredPassage

AnyReranker = TypeVar("AnyReranker", bound=Reranker)
Scorer = Callable[[Sequence[Pair]], Sequence[float]]
"""Scores pairs, higher is better; as many scores as pairs, in the same order."""


class PointwiseReranker(Reranker, ABC):
    """Orders passages by a score that doesn't depend on the other passages; equal scores keep the order given."""

    keep: Keep = 3

    @abstractmethod
    def scorer(self, corpus: Corpus) -> Scorer:
        """Load what scores pairs. The corpus may only make it faster.

        Raises:
            ComponentError: the model cannot be loaded.
        """

    @cached_property
    def one_passage(self) -> Self:
        """This reranker with `keep` at its default: the component of every call for a single passage."""
        return self.with_settings(keep=type(self).model_fields["keep"].default)

    def open(self, corpus: Corpus) -> Operator:
        scorer = self.scorer(corpus)

        def operate(requests: Sequence[Request]) -> list[Outcome]:
            pairs = list(
                dict.fromkeys((request.question, passage) for request in requests for passage in request.passages)
            )
            scores = dict(zip(pairs, checked_scores(self, scorer(pairs), len(pairs)), strict=True)) if pairs else {}
            return [
                best_passages(
                    (ScoredPassage(passage, scores[request.question, passage]) for passage in request.passages),
                    self.keep,
                )
                for request in requests
            ]

        return operate

    def process(self, request: Request) -> Process:
        calls = [Call(self.one_passage, Request(request.question, (passage,))) for passage in request.passages]
        outcomes = yield calls
        return best_passages((scored for outcome in outcomes for scored in ranking_of(outcome)), self.keep)

    def simplified(self, request: Request) -> tuple[Component, Request]:
        return keeping_at_most(self, len(request.passages)), request


@lru_cache(maxsize=1024)
def keeping_at_most(reranker: AnyReranker, passages: int) -> AnyReranker:
    """A reranker with a setting `keep`, made no more than so many, and 1 at least."""
    return reranker.with_settings(keep=max(1, min(passages, reranker.settings["keep"])))


def best_passages(scored: Iterable[ScoredPassage], keep: int) -> Ranking:
    """The `keep` passages with the highest scores, best first; equal scores stay in the order given."""
    return tuple(sorted(scored, key=lambda passage: -passage.score)[:keep])
