"""Driving processes, one alone or several in step."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tradespace.components.base import Call, Process, answer_of
from tradespace.components.processes import drive, side_by_side
from tradespace.components.retrievers.bm25 import BM25
from tradespace.types import Answer, Outcome, Request


def counting(name: str, rounds: int) -> Process:
    """A process that makes two calls in each of so many rounds and answers with all that it was told."""
    told: list[Outcome] = []
    for number in range(rounds):
        told += yield [Call(BM25(), Request(f"{name}{number}{letter}")) for letter in "xy"]
    return Answer(" ".join(answer_of(outcome).text for outcome in told), 0.0)


@pytest.mark.parametrize("rounds", [(), (0,), (2,), (1, 1), (3, 1, 2), (0, 2, 0)])
def test_processes_get_their_own_outcomes(rounds: tuple[int, ...]) -> None:
    """Whatever their lengths, each process ends as it would alone, in as many steps as the longest takes."""
    together = side_by_side([counting(name, count) for name, count in zip("abc", rounds, strict=False)])
    steps: list[int] = []

    def answer(calls: Sequence[Call]) -> list[Outcome]:
        steps.append(len(calls))
        return echo(calls)

    outcomes = drive(together, answer)
    assert len(steps) == max(rounds, default=0)
    assert outcomes == [drive(counting(name, count), echo) for name, count in zip("abc", rounds, strict=False)]


def test_a_process_is_answered_round_by_round() -> None:
    """The answerer gets the calls of a round together, and the process goes on with what it answers."""
    rounds: list[list[str]] = []

    def answer(calls: Sequence[Call]) -> list[Outcome]:
        rounds.append(questions(calls))
        return echo(calls)

    outcome = drive(counting("a", 2), answer)
    assert rounds == [["a0x", "a0y"], ["a1x", "a1y"]]
    assert outcome == Answer("a0x a0y a1x a1y", 0.0)


@pytest.mark.parametrize("error", [KeyError("gone"), KeyboardInterrupt(), StopIteration("ran out")])
def test_what_an_answerer_raises_ends_every_process(error: BaseException) -> None:
    """All are closed where they stand, and none of them takes it for its own end."""
    closed: list[str] = []

    def process(name: str) -> Process:
        try:
            yield (Call(BM25(), Request(name)),)
        finally:
            closed.append(name)
        return Answer(name, 0.0)

    def answer(calls: Sequence[Call]) -> list[Outcome]:
        raise error

    with pytest.raises(type(error)):
        drive(side_by_side([process("a"), process("b")]), answer)
    assert sorted(closed) == ["a", "b"]


def questions(calls: Sequence[Call]) -> list[str]:
    """What was asked."""
    return [call.request.question for call in calls if isinstance(call.request, Request)]


def echo(calls: Sequence[Call]) -> list[Outcome]:
    """Answers every call with its question."""
    return [Answer(question, 0.0) for question in questions(calls)]
