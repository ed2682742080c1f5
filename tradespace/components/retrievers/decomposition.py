"""Decomposition: a question of several steps is searched for step by step (Khot et al. 2022; Zhou et al. 2022)."""

from __future__ import annotations

import re
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process
from tradespace.components.prompts.tasks import DECOMPOSE
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.types import Request


class Decomposition(ModelGuidedRetriever):
    """The model asks simpler questions; they and the question are searched in parallel, and the rankings fused."""

    name: ClassVar[str] = "decomposition"
    in_words: ClassVar[str] = "{model} takes the question apart, to find {top_k} passages"

    most: int = Field(default=4, ge=1, le=32, description="how many of the simpler questions are searched at most")

    def process(self, request: Request) -> Process:
        (said,) = yield from self.asked(DECOMPOSE, Request(request.question))
        simpler = [question.strip() for question in re.split(r";|\n|(?<=\?)\s", said.answer)]
        return self.fused((yield from self.searched([request.question, *filter(None, simpler)][: self.most + 1])))
