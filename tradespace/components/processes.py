"""Driving processes: the one place where a process is resumed, and the ways that processes are put together.

Calls yielded together form a round: they run in parallel. What is yielded later waits for what came before. So
a process is as slow as the sum of its rounds, and a round as slow as its slowest call.

Whoever drives a process brings an *answerer*, which answers the calls of a round. That is all in which
running directly, making calls through the ledger, replaying what it holds and rehearsing a plan differ.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

from tradespace.components.base import Call
from tradespace.types import Outcome

S = TypeVar("S")
T = TypeVar("T")
Driven: TypeAlias = Generator[Sequence[Call], Sequence[S], T]
"""What can be driven: yields rounds of calls, is sent an S for each call, and comes to a T."""
Rounds: TypeAlias = Driven[Outcome, T]
"""A part of a process: is sent outcomes."""
Answerer: TypeAlias = Callable[[Sequence[Call]], Sequence[S]]
"""Answers the calls of a round, in their order."""


class Running(Generic[S, T]):
    """A process under way.

    Attributes:
        calls: those that it waits for.
        ended: whether it waits no longer.
        outcome: what it came to, once it has ended.
    """

    __slots__ = ("_process", "calls", "ended", "outcome")

    outcome: T

    def __init__(self, process: Driven[S, T]) -> None:
        self._process = process
        self.calls: Sequence[Call] = ()
        self.ended = False
        self.resume(None)

    def resume(self, outcomes: Sequence[S] | None) -> None:
        """Hand it the outcomes of the calls that it waits for, in their order; None starts it."""
        try:
            self.calls = next(self._process) if outcomes is None else self._process.send(outcomes)
        except StopIteration as finished:
            self.calls, self.ended, self.outcome = (), True, finished.value

    def close(self) -> None:
        """End it where it stands; nothing happens to one that has ended."""
        self._process.close()


def drive(process: Driven[S, T], answer: Answerer[S]) -> T:
    """Run a process to its end. What `answer` raises ends it, and is raised."""
    running = Running(process)
    try:
        while not running.ended:
            running.resume(answer(running.calls))
    finally:
        running.close()
    return running.outcome


def side_by_side(processes: Iterable[Driven[S, T]]) -> Driven[S, list[T]]:
    """Run processes in step: what all of them wait for is yielded together. Returns their outcomes, in order.

    A round handles the processes that still wait, and no others: one of many rounds among thousands of short ones costs
    its own rounds only.
    """
    every = [Running(process) for process in processes]
    waiting = every
    try:
        while waiting := [running for running in waiting if not running.ended]:
            outcomes = iter((yield [call for running in waiting for call in running.calls]))
            for running in waiting:
                running.resume(list(islice(outcomes, len(running.calls))))
    finally:
        for running in waiting:
            running.close()
    return [running.outcome for running in every]
