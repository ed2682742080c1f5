"""Running many processes side by side, in rounds: the calls that all of them wait for are answered together.

A round handles the processes that still wait, and no others, so that one process of many rounds among thousands of
short ones costs its own rounds only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from tradespace.components.base import Call, Component, Process
from tradespace.components.checked import checked_outcome
from tradespace.components.corpus import Corpus
from tradespace.errors import ComponentError
from tradespace.explorer.results import NO_REPLIES, Replies
from tradespace.explorer.running.call_answers import Answers
from tradespace.explorer.running.component_errors import component_errors
from tradespace.types import Completion, Failure, Outcome, Request

Job = tuple[Component, Request]
"""A stage at work on one request."""


class Done(NamedTuple):
    """How a job ended, after how many calls, and how the language models among them replied."""

    outcome: Outcome | Failure
    calls: int
    replies: Replies = NO_REPLIES


class Waiting(NamedTuple):
    """A job that goes on when `calls` are answered; `made` counts those before them."""

    component: Component
    process: Process
    calls: Sequence[Call]
    made: int
    replies: Replies = NO_REPLIES


def drive(answers: Answers, corpus: Corpus, jobs: Sequence[Job]) -> list[Done]:
    """Run the processes of distinct jobs to their end; in the order of the jobs."""
    states = {
        place: _step(component, component.process(request), None) for place, (component, request) in enumerate(jobs)
    }
    done = _ended(states)
    while waiting := {place: state for place, state in states.items() if isinstance(state, Waiting)}:
        outcomes = iter(answers.outcomes([call for state in waiting.values() for call in state.calls], corpus))
        states = {place: _resume(state, list(islice(outcomes, len(state.calls)))) for place, state in waiting.items()}
        done |= _ended(states)
    return [done[place] for place in range(len(jobs))]


def _ended(states: Mapping[int, Waiting | Done]) -> dict[int, Done]:
    return {place: state for place, state in states.items() if isinstance(state, Done)}


def _resume(state: Waiting, outcomes: Sequence[Outcome | Failure]) -> Waiting | Done:
    """Send a process what it waited for; one of whose calls failed is closed with that failure."""
    made, replies = state.made + len(state.calls), state.replies + _replies(outcomes)
    received: list[Outcome] = []
    for outcome in outcomes:
        if isinstance(outcome, Failure):
            state.process.close()
            return Done(outcome, made, replies)
        received.append(outcome)
    return _step(state.component, state.process, received, made, replies)


def _replies(outcomes: Sequence[Outcome | Failure]) -> Replies:
    """How language models replied to a round of calls. A reply that is no answer is counted by the failure it is."""
    completions = [outcome for outcome in outcomes if isinstance(outcome, Completion)]
    cut_off = sum(completion.finish_reason == "length" for completion in completions)
    return Replies(len(completions), cut_off) if completions else NO_REPLIES


def _step(
    component: Component,
    process: Process,
    outcomes: Sequence[Outcome] | None,
    made: int = 0,
    replies: Replies = NO_REPLIES,
) -> Waiting | Done:
    try:
        with component_errors(component):
            return _send(component, process, outcomes, made, replies)
    except ComponentError as error:
        return Done(Failure(str(error)), made, replies)


def _send(
    component: Component, process: Process, outcomes: Sequence[Outcome] | None, made: int, replies: Replies
) -> Waiting | Done:
    try:
        calls = next(process) if outcomes is None else process.send(outcomes)
        return Waiting(component, process, calls, made, replies)
    except StopIteration as finished:
        return Done(checked_outcome(component, None, finished.value), made, replies)
