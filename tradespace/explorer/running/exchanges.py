"""What language models were sent on the way to one answer, and what they replied."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tradespace.components.base import Call, Component, Operator, Pipeline
from tradespace.components.corpus import Corpus
from tradespace.components.direct import OperatorOf
from tradespace.components.roles import Role
from tradespace.errors import ComponentError
from tradespace.explorer.running.call_answers import Assumed, CountedAnswers
from tradespace.explorer.running.stages import run_stages
from tradespace.types import Completion, Failure, Message, Outcome, Prompt, Request, Timed


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a language model was sent, and its reply; a failure where there was none.

    Attributes:
        cached: tokens of what it was sent that its server had kept from earlier, and did not read again.
    """

    model: str
    messages: tuple[Message, ...]
    reply: Completion | Failure
    cached: int = 0


def overheard(operator_of: OperatorOf, exchanges: list[Exchange]) -> OperatorOf:
    """The same operators; what language models are sent and reply is added to `exchanges`."""

    def listening(component: Component) -> Operator:
        operator = operator_of(component)
        if component.role is not Role.LLM:
            return operator

        def operate(prompts: Sequence[Any]) -> Sequence[Outcome | Timed | Failure]:
            outcomes = operator(prompts)
            for prompt, outcome in zip(prompts, outcomes, strict=False):  # as many, or the caller refuses them
                reply = outcome.outcome if isinstance(outcome, Timed) else outcome
                if isinstance(reply, Completion | Failure):
                    cached = outcome.cached or 0 if isinstance(outcome, Timed) else 0
                    exchanges.append(Exchange(repr(component), prompt.messages, reply, cached))
            return outcomes

        return operate

    return listening


def exchanges_of(pipeline: Pipeline, question: str, operator_of: OperatorOf) -> tuple[Exchange, ...]:
    """All exchanges on the way to a pipeline's answer, or to where it failed, in their order."""
    exchanges: list[Exchange] = []
    with suppress(ComponentError):  # what failed is the last of them
        for _ in run_stages(pipeline, Request(question), overheard(operator_of, exchanges)):
            pass
    return tuple(exchanges)


@dataclass(frozen=True)
class OverheardCalls:
    """Answers calls as others do; what language models are sent and reply is added to `exchanges`."""

    answers: CountedAnswers
    exchanges: list[Exchange]

    def outcomes(self, calls: Sequence[Call], corpus: Corpus) -> Sequence[Outcome | Failure | Assumed]:
        """Answer every call, in order."""
        outcomes = self.answers.outcomes(calls, corpus)
        for call, reply in zip(calls, outcomes, strict=True):
            if isinstance(call.request, Prompt) and isinstance(reply, Completion | Failure):
                self.exchanges.append(Exchange(repr(call.component), call.request.messages, reply))
        return outcomes

    def count(self, asked: int) -> None:
        """Take note of calls that were asked for."""
        self.answers.count(asked)
