"""What every executor must do: inherit `ExecutorContract` and say in `executor` how yours is made.

Operators may work in other processes, so what an executor did is judged by what comes back alone.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing
from itertools import count
from pathlib import Path
from typing import ClassVar

import pytest

from tradespace.components.base import Component, Operator, Reader
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.store import ArtefactStore
from tradespace.explorer.running.executors.base import CallBatch, Executor
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.testing.paragraphs import documents
from tradespace.types import Answer, Document, Failure, Outcome, Passage, Request, ScoredPassage, Timed


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


class PassagesRead(Reader):
    """Answers with the passages that it was given."""

    name: ClassVar[str] = "passages_read"

    def open(self, corpus: Corpus) -> Operator:
        return lambda requests: [Answer(repr(request.passages), 1.0) for request in requests]


class Diary(Numbered):
    """Writes a line into a file when it begins a call, and when it ends one."""

    name: ClassVar[str] = "diary"
    file: str
    seconds: float = 0.02

    def open(self, corpus: Corpus) -> Operator:
        answered = super().open(corpus)

        def write(line: str) -> None:
            with Path(self.file).open("a") as opened:
                opened.write(f"{line}\n")

        def operate(requests: Sequence[Request]) -> Sequence[Outcome | Timed | Failure]:
            for request in requests:
                write(f"begins {request.question}")
                time.sleep(self.seconds)
                write(f"ends {request.question}")
            return answered(requests)

        return operate


class ExecutorContract(ABC):
    """Calls are made as they were asked for, and what goes wrong with one concerns no other.

    Class attributes:
        most_under_way: how many batches the executor may have taken that are not given back yet.
    """

    most_under_way: ClassVar[int] = 1

    @abstractmethod
    def executor(self, opened_components: OpenedComponents) -> AbstractContextManager[Executor]:
        """The executor under test, which opens each component once: with one worker where it has several."""

    @pytest.fixture
    def under_test(self, tmp_path: Path) -> Iterator[Executor]:
        """The executor over a few paragraphs."""
        with self.executor(OpenedComponents(documents(), tmp_path)) as executor:
            yield executor

    @pytest.fixture
    def corpus(self, tmp_path: Path) -> Corpus:
        """The paragraphs, whole, and one that no other test has."""
        return Corpus(whole_documents((*documents(), Document("own", str(tmp_path)))), ArtefactStore(tmp_path))

    def test_outcomes_come_in_the_order_of_the_requests(self, under_test: Executor, corpus: Corpus) -> None:
        """As many as there are, equal requests included, each from the corpus that was named."""
        texts = ["b", "a", "c", "a"]
        outcomes = all_answers(outcomes_of(under_test, Numbered(), asked(*texts), corpus))
        assert [outcome.text for outcome in outcomes] == texts
        assert {outcome.passage_id for outcome in outcomes} == {corpus.passages[0].id}
        assert list(outcomes_of(under_test, Numbered(), [], corpus)) == []

    def test_every_batch_comes_back_once(self, under_test: Executor, corpus: Corpus) -> None:
        """In any order, and with what came of its own calls."""
        components = [Numbered(), Numbered(loud=True), Selective(), Closed(), Numbered()]
        batches = [CallBatch(place, each, asked(f"q{place}"), corpus) for place, each in enumerate(components)]
        made = {each.batch.number: each for each in under_test.make(batches)}
        assert sorted(made) == list(range(len(batches)))
        assert all(made[place].batch is batch for place, batch in enumerate(batches))
        assert [all_answers(made[place].outcomes)[0].text for place in (0, 1, 4)] == ["q0", "Q1", "q4"]
        assert isinstance(made[3].outcomes[0], Failure)

    def test_few_batches_are_under_way(self, under_test: Executor, corpus: Corpus) -> None:
        """However many there are, no more are taken than there is room for; who wants no more closes the iterator."""
        taken: list[int] = []

        def endless() -> Iterator[CallBatch]:
            for number in count():
                taken.append(number)
                yield CallBatch(number, Numbered(), asked(str(number)), corpus)

        with closing(under_test.make(endless())) as made:
            for given in range(1, 6):
                next(made)
                assert len(taken) <= given + self.most_under_way
        assert all_answers(outcomes_of(under_test, Numbered(), asked("a"), corpus))[0].text == "a"

    def test_nothing_is_made_any_more_once_the_iterator_is_closed(
        self, under_test: Executor, corpus: Corpus, tmp_path: Path
    ) -> None:
        """What comes next, such as timing, is not disturbed."""
        file = tmp_path / "diary"
        batches = [CallBatch(number, Diary(file=str(file)), asked(str(number)), corpus) for number in range(20)]
        with closing(under_test.make(batches)) as made:
            next(made)
        written = file.read_text()
        time.sleep(0.2)
        assert file.read_text() == written

    def test_what_the_batches_raise_is_raised(self, under_test: Executor, corpus: Corpus) -> None:
        """Whoever hands them over may end it so."""

        def broken() -> Iterator[CallBatch]:
            yield CallBatch(0, Numbered(), asked("a"), corpus)
            raise LookupError("no more")

        with pytest.raises(LookupError, match="no more"):
            list(under_test.make(broken()))

    def test_a_component_is_opened_once_for_a_corpus(self, under_test: Executor, corpus: Corpus) -> None:
        """The second batch goes to the operator that the first one opened; other settings have their own."""
        batches = [outcomes_of(under_test, component, asked("a"), corpus) for component in (Numbered(), Numbered())]
        assert [all_answers(batch)[0].score for batch in batches] == [1.0, 2.0]
        assert all_answers(outcomes_of(under_test, Numbered(loud=True), asked("a"), corpus)) == [
            Answer("A", 1.0, corpus.passages[0].id)
        ]

    def test_corpora_are_told_apart(self, under_test: Executor, corpus: Corpus, tmp_path: Path) -> None:
        """What was opened on one corpus is not asked about another."""
        other = Corpus(corpus.passages[1:], ArtefactStore(tmp_path))
        answers = [all_answers(outcomes_of(under_test, Numbered(), asked("a"), some))[0] for some in (corpus, other)]
        assert [answer.passage_id for answer in answers] == [corpus.passages[0].id, corpus.passages[1].id]

    def test_passages_arrive_as_they_are(self, under_test: Executor, corpus: Corpus) -> None:
        """Those of the corpus, and others, also under an id that the corpus has too."""
        passages = (corpus.passages[1], Passage("afar", "afar", "Far away."), Passage(corpus.passages[0].id, "x", "Y"))
        outcomes = outcomes_of(under_test, PassagesRead(), [Request("a", passages)], corpus)
        assert list(outcomes) == [Answer(repr(passages), 1.0)]

    def test_one_call_that_raises_leaves_the_others_alone(self, under_test: Executor, corpus: Corpus) -> None:
        """Its failure names the component and what it raised."""
        good, bad, last = outcomes_of(under_test, Selective(), asked("a", "raise", "b"), corpus)
        assert isinstance(good, Timed)
        assert isinstance(last, Timed)
        assert bad == Failure("selective() raised ValueError: I was told to")

    def test_what_an_operator_fails_is_not_asked_again(self, under_test: Executor, corpus: Corpus) -> None:
        """It was paid for: the next call is the next that the operator sees."""
        assert outcomes_of(under_test, Selective(), asked("fail"), corpus)[0] == Failure("refused")
        (following,) = outcomes_of(under_test, Selective(), asked("a"), corpus)
        assert following == Timed(Answer("a", 2.0, corpus.passages[0].id), 0.25, host="afar")

    @pytest.mark.parametrize(
        ("component", "message"), [(Closed(), "no weights here"), (Wrong(), "must return an Answer")]
    )
    def test_what_cannot_be_used_is_a_failure_of_every_call(
        self, under_test: Executor, corpus: Corpus, component: Component, message: str
    ) -> None:
        """A component that cannot be opened, and one that returns what it must not: no exception, and in words."""
        outcomes = outcomes_of(under_test, component, asked("a", "b"), corpus)
        assert len(outcomes) == 2
        for outcome in outcomes:
            assert isinstance(outcome, Failure)
            assert message in outcome.message
            assert repr(component) in outcome.message


def outcomes_of(
    executor: Executor, component: Component, requests: Sequence[Request], corpus: Corpus
) -> Sequence[Outcome | Timed | Failure]:
    """What comes of one batch."""
    (made,) = executor.make([CallBatch(0, component, requests, corpus)])
    return made.outcomes


def asked(*questions: str) -> list[Request]:
    """Requests without passages."""
    return [Request(question) for question in questions]


def all_answers(outcomes: Sequence[object]) -> list[Answer]:
    """Outcomes that are all answers."""
    assert all(isinstance(outcome, Answer) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, Answer)]
