"""Small components whose every call is counted, over a handful of documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from tests.explorer.test_crash import write_space
from tradespace.components.base import (
    Call,
    Component,
    Operator,
    Process,
    Reader,
    Reranker,
    Retriever,
    answer_of,
    ranking_of,
)
from tradespace.components.corpus import Corpus
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.storage.databases import open_ledger
from tradespace.types import Answer, Document, Outcome, Request, ScoredPassage

MADE: Counter[str] = Counter()
"""Requests that each operator was handed since the test began."""


def counted(component: Component, requests: Sequence[Request]) -> Sequence[Request]:
    """Count requests on their way into an operator."""
    MADE[component.name] += len(requests)
    return requests


class Overlap(Retriever):
    """Ranks passages by the words they share with the question."""

    name: ClassVar[str] = "overlap"
    top_k: int = 3

    def open(self, corpus: Corpus) -> Operator:
        def rank(question: str) -> Outcome:
            words = set(question.lower().split())
            scored = [
                ScoredPassage(passage, float(len(words & set(passage.text.lower().split()))))
                for passage in corpus.passages
            ]
            return tuple(sorted(scored, key=lambda one: (-one.score, one.passage.id))[: self.top_k])

        return lambda requests: [rank(request.question) for request in counted(self, requests)]


class Twin(Overlap):
    """Another retriever that finds the same."""

    name: ClassVar[str] = "twin"


class Shortest(Reranker):
    """Keeps the shortest passages, and makes no calls to find them."""

    name: ClassVar[str] = "shortest"
    keep: int = 2

    def process(self, request: Request) -> Process:
        ranked = sorted(request.passages, key=lambda passage: (len(passage.text), passage.id))[: self.keep]
        return tuple(ScoredPassage(passage, -float(len(passage.text))) for passage in ranked)
        yield ()


class LastWord(Reader):
    """Answers with the last word of the passage that shares most letters with the question; reads one by one."""

    name: ClassVar[str] = "last_word"
    passages: int = 2

    def open(self, corpus: Corpus) -> Operator:
        def read(request: Request) -> Outcome:
            (passage,) = request.passages
            score = len(set(request.question) & set(passage.text))
            return Answer(passage.text.split()[-1], float(score), passage.id)

        return lambda requests: [read(request) for request in counted(self, requests)]

    def process(self, request: Request) -> Process:
        unit = self.with_settings(passages=2)
        read = yield [Call(unit, Request(request.question, (one,))) for one in request.passages[: self.passages]]
        return max(map(answer_of, read), key=lambda answer: answer.score)


class Fragile(LastWord):
    """Raises for questions about mice."""

    name: ClassVar[str] = "fragile"

    def open(self, corpus: Corpus) -> Operator:
        read = super().open(corpus)

        def careful(requests: Sequence[Request]) -> Sequence[Outcome]:
            if any("mouse" in request.question for request in requests):
                raise ValueError("a mouse!")
            return read(requests)

        return careful


class Unopenable(LastWord):
    """Cannot be opened."""

    name: ClassVar[str] = "unopenable"

    def open(self, corpus: Corpus) -> Operator:
        raise FileNotFoundError("no weights here")


class Both(Retriever):
    """Joins what two other retrievers find: a composite that makes calls of its members."""

    name: ClassVar[str] = "both"

    def process(self, request: Request) -> Process:
        given = Request(request.question)
        found = yield [Call(Overlap(top_k=1), given), Call(Twin(top_k=2), given)]
        passages = {one.passage: one for outcome in found for one in ranking_of(outcome)}
        return tuple(passages.values())


DOCUMENTS = (
    Document("cat", "The cat sat on the mat"),
    Document("dog", "A dog chased the cat up the tree"),
    Document("mouse", "The mouse ate all of the cheese"),
    Document("owl", "An owl saw the mouse at night"),
    Document("bee", "The bee makes honey"),
)
QUESTIONS = ("where did the cat sit", "who chased the cat", "what did the mouse eat", "what does the bee make")


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    MADE.clear()


@pytest.fixture
def recorded_calls(tmp_path: Path) -> RecordedCalls:
    """A caller over the small documents with an empty ledger."""
    return RecordedCalls(OpenedComponents(DOCUMENTS, tmp_path / "artefacts"), open_ledger(tmp_path / "ledger.sqlite"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty documents and fifty questions, of which spaces ask forty to explore and ten to confirm."""
    place = tmp_path_factory.mktemp("space")
    write_space(place)
    return place
