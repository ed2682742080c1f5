"""A few short requests to a model before it is needed: does it answer at all, and how fast does it write?"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from tradespace.components.base import Operator
from tradespace.components.llms.base import LanguageModel
from tradespace.components.prompts.tasks import THINK, Task
from tradespace.errors import ComponentError
from tradespace.types import Completion, Failure, NoAnswer, Outcome, Prompt, Timed

TASK = Task(THINK, "Which of the numbers from 1 to 40 are prime?")
"""Something that is thought about at length."""
LOADING, MEASURED = 16, 64
"""Tokens that the first request may write, which a server may have to load its model for, and the second one."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What one request of a model took, asked alone.

    Attributes:
        seconds: from sending it to its last byte.
        tokens_out: tokens written, thoughts included.
    """

    seconds: float
    tokens_out: int

    @property
    def tokens_per_second(self) -> float:
        """Tokens written in a second, reading the prompt included."""
        return self.tokens_out / self.seconds if self.seconds > 0 else float("inf")


def probe(model: LanguageModel, operator: Operator) -> Probe:
    """Ask an opened model twice, and time the second request: by then its server has loaded what it needs.

    Thoughts that were cut off show a model at work as well as any other reply.

    Raises:
        ComponentError: it does not answer; the message says why.
    """
    prompt = Prompt(model.messages(TASK), max_tokens=MEASURED)
    _asked(operator, replace(prompt, max_tokens=LOADING))
    return _asked(operator, prompt)


def _asked(operator: Operator, prompt: Prompt) -> Probe:
    start = time.perf_counter()
    (drawn,) = operator([prompt])
    seconds = drawn.seconds if isinstance(drawn, Timed) else time.perf_counter() - start
    return Probe(seconds, _completion(drawn).tokens_out)


def _completion(drawn: Outcome | Timed | Failure) -> Completion:
    outcome = drawn.outcome if isinstance(drawn, Timed) else drawn
    if isinstance(outcome, NoAnswer) and outcome.reply.finish_reason == "length":
        return outcome.reply
    if isinstance(outcome, Completion):
        return outcome
    raise ComponentError(outcome.message if isinstance(outcome, Failure) else f"a completion was expected: {outcome!r}")
