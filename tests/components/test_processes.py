"""Running several processes in step."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tradespace.components.base import Call, Process
from tradespace.components.processes import side_by_side
from tradespace.components.retrievers.bm25 import BM25
from tradespace.types import Answer, Outcome, Request


def counting(name: str, rounds: int) -> Process:
    """A process that makes two calls in each of so many rounds and answers with all that it was told."""
    told: list[Outcome] = []
    for number in range(rounds):
        told += yield [Call(BM25(), Request(f"{name}{number}{letter}")) for letter in "xy"]
    return Answer(" ".join(str(outcome) for outcome in told), 0.0)


@pytest.mark.parametrize("rounds", [(), (0,), (2,), (1, 1), (3, 1, 2), (0, 2, 0)])
def test_processes_get_their_own_outcomes(rounds: tuple[int, ...]) -> None:
    """Whatever their lengths, each process ends as it would alone, in as many steps as the longest takes."""
    together = side_by_side([counting(name, count) for name, count in zip("abc", rounds, strict=False)])
    steps, outcomes = drive(together)
    assert steps == max(rounds, default=0)
    assert outcomes == [drive_alone(counting(name, count)) for name, count in zip("abc", rounds, strict=False)]


def drive(process: object) -> tuple[int, object]:
    """Answer every call with its question; count the steps."""
    steps, told = 0, None
    try:
        while True:
            calls: Sequence[Call] = process.send(told)  # type: ignore[attr-defined]
            told = [call.request.question for call in calls]
            steps += 1
    except StopIteration as finished:
        return steps, finished.value


def drive_alone(process: Process) -> object:
    """The outcome of one process."""
    return drive(process)[1]
