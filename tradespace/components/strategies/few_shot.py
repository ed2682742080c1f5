"""Few-shot prompting: solved examples are shown before the question (Brown et al. 2020)."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, model_validator

from tradespace.components.base import Process, completion_of
from tradespace.components.prompts.tasks import DIRECT, THINK
from tradespace.components.strategies.base import ModelCaller, Strategy
from tradespace.types import Request


class FewShot(Strategy):
    """The first `shots` of the examples, then those of the prompt, then the question. Where the model thinks, so should
    the examples.

    Models not trained on examples, such as the embedded ones, are called without them.
    """

    name: ClassVar[str] = "few_shot"
    in_words: ClassVar[str] = "after[ {shots}] examples"

    examples: tuple[tuple[str, str], ...] = Field(
        default=(), description="solved examples: pairs of question and answer"
    )
    shots: int = Field(default=0, ge=0, le=64, description="how many of the examples are shown, from the front")
    think: bool = Field(default=False, description="whether the model is to think step by step (Wei et al. 2022)")

    @model_validator(mode="after")
    def _shown_examples_exist(self) -> Self:
        if self.shots > len(self.examples):
            raise ValueError(f"shots must be at most the number of examples, {len(self.examples)}; given: {self.shots}")
        return self

    def run(self, model_caller: ModelCaller, request: Request) -> Process:
        instruction = THINK if self.think else DIRECT
        examples = self.examples[: self.shots] + model_caller.examples
        (outcome,) = yield (model_caller.call(instruction, request, examples=examples),)
        completion = completion_of(outcome)
        text = model_caller.conclusion(completion) if self.think else model_caller.answer_in(completion.text)
        return model_caller.answered(text, completion, request)
