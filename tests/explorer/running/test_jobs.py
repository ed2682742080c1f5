"""Processes run side by side in rounds; each costs its own rounds only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from tests.explorer.conftest import QUESTIONS, Fragile, Overlap
from tradespace.components.base import Call, Component, Process, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.roles import Role
from tradespace.explorer.running.jobs import Done, run_jobs
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.types import Answer, Failure, Outcome, Request


class Patient(Component):
    """Asks for one search after the other, as many as it is told to."""

    role: ClassVar[Role] = Role.GENERATE
    name: ClassVar[str] = "patient"
    rounds: int

    def process(self, request: Request) -> Process:
        for number in range(self.rounds):
            (found,) = yield (Call(Overlap(), Request(f"{request.question} {number}")),)
        return Answer(ranking_of(found)[0].passage.id, 0.0)


class Counting:
    """Answers through a caller, and remembers how many calls each round asked for."""

    def __init__(self, recorded_calls: RecordedCalls) -> None:
        self.recorded_calls = recorded_calls
        self.rounds: list[int] = []

    def corpus(self, pipeline: object) -> Corpus:
        raise NotImplementedError

    def count(self, asked: int) -> None:
        raise NotImplementedError

    def outcomes(self, calls: Sequence[Call], corpus: Corpus) -> Sequence[Outcome | Failure]:
        self.rounds.append(len(calls))
        return self.recorded_calls.outcomes(calls, corpus)


def test_a_round_asks_for_the_calls_of_those_that_still_wait(recorded_calls: RecordedCalls) -> None:
    """A thousand short processes do not slow a long one down: its later rounds hold its own calls alone."""
    answers = Counting(recorded_calls)
    corpus = recorded_calls.corpus(Overlap() >> Fragile())
    jobs = [(Patient(rounds=1), Request(f"short {number}")) for number in range(1000)]
    done = run_jobs(answers, corpus, [*jobs, (Patient(rounds=50), Request("long"))])
    assert answers.rounds == [1001, *[1] * 49]
    assert [one.calls for one in done] == [*[1] * 1000, 50]


def test_outcomes_come_in_the_order_of_the_jobs(recorded_calls: RecordedCalls) -> None:
    """However many rounds each takes."""
    corpus = recorded_calls.corpus(Overlap() >> Fragile())
    jobs = [(Patient(rounds=rounds), Request(question)) for question in QUESTIONS for rounds in (3, 1, 2)]
    together = run_jobs(recorded_calls, corpus, jobs)
    assert together == [run_jobs(recorded_calls, corpus, [job])[0] for job in jobs]


def test_a_failed_call_ends_its_process_and_no_other(recorded_calls: RecordedCalls) -> None:
    """The process is closed; what its calls before cost is known."""
    corpus = recorded_calls.corpus(Overlap() >> Fragile())
    passage = (corpus.passages[0],)
    bad, good = run_jobs(
        recorded_calls, corpus, [(Fragile(), Request("a mouse", passage)), (Fragile(), Request("a cat", passage))]
    )
    assert bad == Done(Failure("fragile() raised ValueError: a mouse!"), 1)
    assert isinstance(good.outcome, Answer)
