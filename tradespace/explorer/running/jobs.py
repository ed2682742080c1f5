"""Running many stages on many requests in parallel; failures are isolated from each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tradespace.components.base import Component
from tradespace.components.checked import checked_outcome
from tradespace.components.corpus import Corpus
from tradespace.components.processes import Driven, Running, drive, side_by_side
from tradespace.errors import ComponentError
from tradespace.explorer.results import NO_REPLIES, Replies
from tradespace.explorer.running.call_answers import Assumed, CallAnswers
from tradespace.explorer.running.component_errors import component_errors
from tradespace.types import Completion, Failure, Outcome, Request

Job = tuple[Component, Request]
"""A stage at work on one request."""


class TokensUsed(NamedTuple):
    """Tokens that language models read and wrote, prompts of several samples counted for each."""

    read: int = 0
    written: int = 0


class Done(NamedTuple):
    """How a job ended, after how many calls, and how the language models among them replied.

    Attributes:
        tokens: of the completions that were read.
        missing: calls of the first round that lacks any; what comes after it is assumed.
        further: calls that were missing in later rounds: which they are depends on what the missing ones come to.
    """

    outcome: Outcome | Failure
    calls: int
    replies: Replies = NO_REPLIES
    missing: tuple[Assumed, ...] = ()
    further: tuple[Assumed, ...] = ()
    tokens: TokensUsed = TokensUsed()


def run_jobs(answers: CallAnswers, corpus: Corpus, jobs: Sequence[Job]) -> list[Done]:
    """Run the processes of jobs to their end, in rounds; in the order of the jobs."""
    processes = side_by_side(_contained(component, request) for component, request in jobs)
    return drive(processes, lambda calls: answers.outcomes(calls, corpus))


def _contained(component: Component, request: Request) -> Driven[Outcome | Failure | Assumed, Done]:
    """The process of a job, which ends with a failure where the component raises, or where one of its calls failed."""
    made, replies, tokens = 0, NO_REPLIES, TokensUsed()
    missing: tuple[Assumed, ...] = ()
    further: tuple[Assumed, ...] = ()
    try:
        with component_errors(component):
            running = Running(component.process(request))
        while not running.ended:
            answers = yield running.calls
            made += len(answers)
            if assumed := tuple(answer for answer in answers if isinstance(answer, Assumed)):
                missing, further = (missing, further + assumed) if missing else (assumed, further)
            outcomes = [answer.outcome if isinstance(answer, Assumed) else answer for answer in answers]
            if completions := [outcome for outcome in outcomes if isinstance(outcome, Completion)]:
                replies += _replies(completions)
                tokens = _added(tokens, completions)
            received = [outcome for outcome in outcomes if not isinstance(outcome, Failure)]
            if len(received) < len(outcomes):
                running.close()
                return Done(_first_failure(outcomes), made, replies, missing, further, tokens)
            with component_errors(component):
                running.resume(received)
        return Done(checked_outcome(component, None, running.outcome), made, replies, missing, further, tokens)
    except ComponentError as error:
        return Done(Failure(str(error)), made, replies, missing, further, tokens)


def _first_failure(outcomes: Sequence[Outcome | Failure]) -> Failure:
    return next(outcome for outcome in outcomes if isinstance(outcome, Failure))


def _added(tokens: TokensUsed, completions: Sequence[Completion]) -> TokensUsed:
    return TokensUsed(
        tokens.read + sum(completion.tokens_in for completion in completions),
        tokens.written + sum(completion.tokens_out for completion in completions),
    )


def _replies(completions: Sequence[Completion]) -> Replies:
    """How language models replied. A reply that is no answer is not among them: it is counted by the failure it is."""
    return Replies(len(completions), sum(completion.finish_reason == "length" for completion in completions))
