"""Chain of thought: the model reasons step by step before it answers (Wei et al. 2022)."""

from __future__ import annotations

from typing import ClassVar

from tradespace.components.base import Process, completion_of
from tradespace.components.llms.tasks import THINK
from tradespace.components.strategies.base import Asker, Strategy
from tradespace.types import Answer, Request

ANSWER = "answer:"


class ChainOfThought(Strategy):
    """One call; the answer is what follows the last `answer:`. A chain that was cut off before it has no answer."""

    name: ClassVar[str] = "cot"

    def run(self, asker: Asker, request: Request) -> Process:
        (outcome,) = yield (asker.call(THINK, request),)
        completion = completion_of(outcome)
        return Answer(answer_in(completion.text), completion.mean_log_probability or 0.0)


def answer_in(text: str) -> str:
    """What follows the last `answer:`; empty where there is none.

    >>> answer_in("the mayor is x . answer: y ? no . answer: x")
    'x'
    """
    _, found, after = text.rpartition(ANSWER)
    return after.strip() if found else ""
