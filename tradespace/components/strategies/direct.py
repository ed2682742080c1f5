"""Direct answers: one call, which asks for the answer and nothing else."""

from __future__ import annotations

from typing import ClassVar

from tradespace.components.base import Process, completion_of
from tradespace.components.prompts.tasks import DIRECT
from tradespace.components.strategies.base import ModelCaller, Strategy
from tradespace.types import Request


class Direct(Strategy):
    """The model answers at once. The baseline that every other strategy must beat."""

    name: ClassVar[str] = "direct"
    in_words: ClassVar[str] = "directly"

    def run(self, model_caller: ModelCaller, request: Request) -> Process:
        (outcome,) = yield (model_caller.call(DIRECT, request),)
        completion = completion_of(outcome)
        return model_caller.answered(model_caller.answer_in(completion.text), completion, request)
