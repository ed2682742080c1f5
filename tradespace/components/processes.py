"""Running several processes as one.

What is yielded together is a round: its calls run side by side. What is yielded later waits for what came before. So
a process is as slow as the sum of its rounds, and a round as slow as its slowest call.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TypeAlias, TypeVar

from tradespace.components.base import Call
from tradespace.types import Outcome

T = TypeVar("T")
Rounds: TypeAlias = Generator[Sequence[Call], Sequence[Outcome], T]
"""Part of a process: yields rounds of calls, is sent their outcomes, and comes to something of type T."""


def side_by_side(processes: Sequence[Rounds[T]]) -> Rounds[list[T]]:
    """Run processes in step: what all of them wait for is yielded together. Returns their outcomes, in order."""
    finished: dict[int, T] = {}
    received: dict[int, Sequence[Outcome] | None] = dict.fromkeys(range(len(processes)))
    while received:
        waiting: dict[int, Sequence[Call]] = {}
        for place, outcomes in received.items():
            try:
                process = processes[place]
                waiting[place] = next(process) if outcomes is None else process.send(outcomes)
            except StopIteration as stop:
                finished[place] = stop.value
        if not waiting:
            break
        answers = iter((yield [call for calls in waiting.values() for call in calls]))
        received = {place: [next(answers) for _ in calls] for place, calls in waiting.items()}
    return [finished[place] for place in range(len(processes))]
