"""Running several processes as one."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from tradespace.components.base import Call, Process
from tradespace.types import Outcome


def side_by_side(processes: Sequence[Process]) -> Generator[Sequence[Call], Sequence[Outcome], list[Outcome]]:
    """Run processes in step: what all of them wait for is yielded together. Returns their outcomes, in order."""
    finished: dict[int, Outcome] = {}
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
