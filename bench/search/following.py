"""Pipelines on questions, made through the ledger, with every call that each cell (pipeline, question) makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tradespace.components.base import Call, Component, Pipeline, answer_of
from tradespace.components.corpus import Corpus
from tradespace.components.processes import Driven, Running, drive, side_by_side
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.types import Answer, Failure, Outcome, Request

Round = tuple[int, ...]
"""Numbers of calls that are made in parallel."""


class Followed(NamedTuple):
    """What a stage came to on a request, and the rounds of calls that it made."""

    outcome: Outcome
    rounds: list[Round]


class Cell(NamedTuple):
    """What a pipeline answers to a question, and the rounds of calls of each of its stages."""

    answer: Answer
    stages: list[list[Round]]


@dataclass
class Walk:
    """A pipeline on its way through its stages: what the next one is given, and what the others came to."""

    stages: Sequence[Component]
    request: Request
    made: list[Followed] = field(default_factory=list)

    @property
    def next(self) -> Component:
        """The stage that is to run."""
        return self.stages[len(self.made)]


@dataclass
class Follower:
    """Runs pipelines through the ledger, and gives every distinct call a number.

    Attributes:
        outcomes: of every call, by its number.
        calls: the calls themselves.
    """

    recorded_calls: RecordedCalls
    outcomes: list[Outcome] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    _numbers: dict[Call, int] = field(default_factory=dict)

    def cells(self, pipelines: Sequence[Pipeline], questions: Sequence[str]) -> list[list[Cell]]:
        """All pipelines on some questions, stage by stage; what several ask of a stage is asked once.

        Raises:
            RuntimeError: a call failed.
        """
        corpus = self.recorded_calls.corpus(pipelines[0])
        components: dict[Component, Component] = {}
        requests: dict[Request, Request] = {}
        stages = [[components.setdefault(part, part) for part in pipeline.online.values()] for pipeline in pipelines]
        walks = [Walk(row, requests.setdefault(Request(text), Request(text))) for text in questions for row in stages]
        while waiting := [walk for walk in walks if len(walk.made) < len(walk.stages)]:
            jobs = {(id(walk.next), id(walk.request)): (walk.next, walk.request) for walk in waiting}
            done = dict(zip(jobs, self._follow(list(jobs.values()), corpus), strict=True))
            for walk in waiting:
                followed = done[id(walk.next), id(walk.request)]
                after = walk.request.after(followed.outcome)
                walk.request = requests.setdefault(after, after)
                walk.made.append(followed)
        cells = [Cell(answer_of(walk.made[-1].outcome), [each.rounds for each in walk.made]) for walk in walks]
        return [cells[start : start + len(pipelines)] for start in range(0, len(cells), len(pipelines))]

    def _follow(self, jobs: Sequence[tuple[Component, Request]], corpus: Corpus) -> list[Followed]:
        processes = side_by_side(self._followed(component, request) for component, request in jobs)
        return drive(processes, lambda calls: self._answer(calls, corpus))

    def _followed(self, component: Component, request: Request) -> Driven[Outcome, Followed]:
        running, rounds = Running(component.process(request)), list[Round]()
        while not running.ended:
            calls = running.calls
            running.resume((yield calls))
            rounds.append(tuple(self._numbers[call] for call in calls))
        return Followed(running.outcome, rounds)

    def _answer(self, calls: Sequence[Call], corpus: Corpus) -> list[Outcome]:
        fresh = [call for call in dict.fromkeys(calls) if call not in self._numbers]
        for call, outcome in zip(fresh, self.recorded_calls.outcomes(fresh, corpus), strict=True):
            if isinstance(outcome, Failure):
                raise RuntimeError(f"a benchmark needs every call; {call} failed: {outcome.message}")
            self._numbers[call] = len(self.calls)
            self.calls.append(call)
            self.outcomes.append(outcome)
        return [self.outcomes[self._numbers[call]] for call in calls]
