"""Examples that are given, chosen by their place or by nearness to the question (Liu et al. 2022, "What Makes Good
In-Context Examples for GPT-3?")."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Call, Operator, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.base import Vectors
from tradespace.components.examples.base import ExamplePairs, Examples
from tradespace.components.passes import Passes
from tradespace.components.processes import Rounds
from tradespace.types import Passage, Ranking, Request, ScoredPassage


class GivenExamples(Examples):
    """These examples. One whose question is asked is left out, so that no question is shown its own answer."""

    name: ClassVar[str] = "given"

    pairs: ExamplePairs = Field(default=(), description="the examples: pairs of question and answer")

    def passes(self, requests: Sequence[Request]) -> Passes | None:
        return self.embedder.question_passes(requests)

    def open(self, corpus: Corpus) -> Operator:
        """Ranks passages, which are the questions of examples here, by their nearness to a question."""
        encoder = self.embedder.encoder()

        @cache
        def vectors(texts: tuple[str, ...]) -> Vectors:
            return encoder.encode_questions(texts)

        def nearest(request: Request, asked: Vectors) -> Ranking:
            nearness = (vectors(tuple(passage.text for passage in request.passages)) @ asked).tolist()
            scored = map(ScoredPassage, request.passages, nearness)
            return tuple(sorted(scored, key=lambda each: -each.score))

        def operate(requests: Sequence[Request]) -> list[Ranking]:
            asked = encoder.encode_questions([request.question for request in requests])
            return [nearest(request, vector) for request, vector in zip(requests, asked, strict=True)]

        return operate

    def shown(self, question: str) -> Rounds[ExamplePairs]:
        others = tuple(pair for pair in self.pairs if _plain(pair[0]) != _plain(question))
        if self.choose == "first" or not self.shots or not others:
            return others[: self.shots]
        candidates = tuple(Passage(str(place), "", text) for place, (text, _) in enumerate(others))
        one_for_all = GivenExamples(choose="nearest", embedder=self.embedder)
        (outcome,) = yield (Call(one_for_all, Request(question, candidates)),)
        nearest = [int(scored.passage.id) for scored in ranking_of(outcome)[: self.shots]]
        return tuple(others[place] for place in reversed(nearest))


def _plain(question: str) -> str:
    return " ".join(question.split()).casefold()
