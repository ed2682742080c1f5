"""Step-back prompting: look up the general before the particular (Zheng et al. 2023, "Take a Step Back")."""

from __future__ import annotations

from typing import ClassVar

from tradespace.components.base import Process
from tradespace.components.prompts.tasks import STEP_BACK
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.types import Request


class StepBack(ModelGuidedRetriever):
    """The model asks a more general question; both are searched in parallel, and their rankings fused."""

    name: ClassVar[str] = "step_back"
    in_words: ClassVar[str] = "{model} asks a more general question too, to find {top_k} passages"

    def process(self, request: Request) -> Process:
        (general,) = yield from self.asked(STEP_BACK, Request(request.question))
        return self.fused((yield from self.searched([request.question, general.answer])))
