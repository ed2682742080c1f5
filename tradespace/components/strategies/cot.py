"""Chain of thought: the model reasons step by step before it answers (Wei et al. 2022)."""

from __future__ import annotations

from typing import ClassVar

from tradespace.components.base import Process, completion_of
from tradespace.components.prompts.tasks import THINK
from tradespace.components.strategies.base import ModelCaller, Strategy
from tradespace.types import Request


class ChainOfThought(Strategy):
    """One call; the answer is what follows the last `answer:`. A chain that was cut off before that has no answer."""

    name: ClassVar[str] = "cot"
    in_words: ClassVar[str] = "by a chain of thought"

    def run(self, model_caller: ModelCaller, request: Request) -> Process:
        (outcome,) = yield (model_caller.call(THINK, request),)
        completion = completion_of(outcome)
        return model_caller.answered(model_caller.conclusion(completion), completion, request)
