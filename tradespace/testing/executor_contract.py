"""What every executor must do: inherit `ExecutorContract` and say in `executor` how yours is made.

Operators may work in other processes, so what an executor did is judged by what comes back alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import ClassVar

import pytest

from tradespace.components.base import Component, Operator, Reader
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.store import ArtefactStore
from tradespace.explorer.running.executors.base import Executor
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.testing.paragraphs import documents
from tradespace.types import Answer, Failure, Request, ScoredPassage, Timed


class Numbered(Reader):
    """Answers with the question, and counts the calls since it was opened in the score."""

    name: ClassVar[str] = "numbered"
    loud: bool = False

    def open(self, corpus: Corpus) -> Operator:
        number = count(1)

        def answer(request: Request) -> Answer:
            text = request.question.upper() if self.loud else request.question
            return Answer(text, float(next(number)), corpus.passages[0].id)

        return lambda requests: [answer(request) for request in requests]


class Selective(Numbered):
    """Raises where it is told to, fails where it is told to, and says how long the rest took."""

    name: ClassVar[str] = "selective"

    def open(self, corpus: Corpus) -> Operator:
        answered = super().open(corpus)

        def operate(requests: Sequence[Request]) -> list[Failure | Timed]:
            if any(request.question == "raise" for request in requests):
                raise ValueError("I was told to")
            outcomes = zip(requests, answered(requests), strict=True)
            return [_fail(request, outcome) for request, outcome in outcomes]

        return operate


def _fail(request: Request, outcome: object) -> Failure | Timed:
    assert isinstance(outcome, Answer)
    return Failure("refused") if request.question == "fail" else Timed(outcome, 0.25, host="afar")


class Closed(Reader):
    """Cannot be opened."""

    name: ClassVar[str] = "closed"

    def open(self, corpus: Corpus) -> Operator:
        raise FileNotFoundError("no weights here")


class Wrong(Reader):
    """Returns a ranking where an answer is due."""

    name: ClassVar[str] = "wrong"

    def open(self, corpus: Corpus) -> Operator:
        return lambda requests: [tuple(ScoredPassage(one, 1.0) for one in corpus.passages[:1]) for _ in requests]


class ExecutorContract(ABC):
    """Calls are made as they were asked for, and what goes wrong with one concerns no other."""

    @abstractmethod
    def executor(self, opened_components: OpenedComponents) -> Executor:
        """The executor under test."""

    @pytest.fixture
    def under_test(self, tmp_path: Path) -> Executor:
        """The executor over a few paragraphs."""
        return self.executor(OpenedComponents(documents(), tmp_path))

    @pytest.fixture
    def corpus(self, tmp_path: Path) -> Corpus:
        """The paragraphs, whole."""
        return Corpus(whole_documents(documents()), ArtefactStore(tmp_path))

    def test_outcomes_come_in_the_order_of_the_requests(self, under_test: Executor, corpus: Corpus) -> None:
        """As many as there are, equal requests included, each from the corpus that was named."""
        texts = ["b", "a", "c", "a"]
        outcomes = all_answers(under_test.make(Numbered(), asked(*texts), corpus))
        assert [outcome.text for outcome in outcomes] == texts
        assert {outcome.passage_id for outcome in outcomes} == {corpus.passages[0].id}
        assert list(under_test.make(Numbered(), [], corpus)) == []

    def test_a_component_is_opened_once_for_a_corpus(self, under_test: Executor, corpus: Corpus) -> None:
        """The second batch goes to the operator that the first one opened; other settings have their own."""
        batches = [under_test.make(component, asked("a"), corpus) for component in (Numbered(), Numbered())]
        assert [all_answers(batch)[0].score for batch in batches] == [1.0, 2.0]
        assert all_answers(under_test.make(Numbered(loud=True), asked("a"), corpus)) == [
            Answer("A", 1.0, corpus.passages[0].id)
        ]

    def test_corpora_are_told_apart(self, under_test: Executor, corpus: Corpus, tmp_path: Path) -> None:
        """What was opened on one corpus is not asked about another."""
        other = Corpus(corpus.passages[1:], ArtefactStore(tmp_path))
        found = [all_answers(under_test.make(Numbered(), asked("a"), some))[0].passage_id for some in (corpus, other)]
        assert found == [corpus.passages[0].id, corpus.passages[1].id]

    def test_one_call_that_raises_leaves_the_others_alone(self, under_test: Executor, corpus: Corpus) -> None:
        """Its failure names the component and what it raised."""
        good, bad, last = under_test.make(Selective(), asked("a", "raise", "b"), corpus)
        assert isinstance(good, Timed)
        assert isinstance(last, Timed)
        assert bad == Failure("selective() raised ValueError: I was told to")

    def test_what_an_operator_fails_is_not_asked_again(self, under_test: Executor, corpus: Corpus) -> None:
        """It was paid for: the next call is the next that the operator sees."""
        assert under_test.make(Selective(), asked("fail"), corpus)[0] == Failure("refused")
        (following,) = under_test.make(Selective(), asked("a"), corpus)
        assert following == Timed(Answer("a", 2.0, corpus.passages[0].id), 0.25, host="afar")

    @pytest.mark.parametrize(
        ("component", "message"), [(Closed(), "no weights here"), (Wrong(), "must return an Answer")]
    )
    def test_what_cannot_be_used_is_a_failure_of_every_call(
        self, under_test: Executor, corpus: Corpus, component: Component, message: str
    ) -> None:
        """A component that cannot be opened, and one that returns what it must not: no exception, and in words."""
        outcomes = under_test.make(component, asked("a", "b"), corpus)
        assert len(outcomes) == 2
        for outcome in outcomes:
            assert isinstance(outcome, Failure)
            assert message in outcome.message
            assert repr(component) in outcome.message


def asked(*questions: str) -> list[Request]:
    """Requests without passages."""
    return [Request(question) for question in questions]


def all_answers(outcomes: Sequence[object]) -> list[Answer]:
    """Outcomes that are all answers."""
    assert all(isinstance(outcome, Answer) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, Answer)]
