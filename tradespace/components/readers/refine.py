"""Refine: an answer from the first passage, revised with each further one (LangChain's `refine`; compare METIS)."""

from __future__ import annotations

from typing import ClassVar

from tradespace.components.base import Process, completion_of
from tradespace.components.prompts.tasks import REVISE, THINK
from tradespace.components.readers.llm import ModelReader
from tradespace.components.readers.pointwise import EMPTY_ANSWER
from tradespace.components.strategies.answers import is_known
from tradespace.types import Message, Request


class Refine(ModelReader):
    """As many calls as passages, one after the other, each with one passage and the answer so far.

    An answer such as "unknown" does not replace an earlier one.
    """

    name: ClassVar[str] = "refine"
    in_words: ClassVar[str] = "{model} answers from the first, and revises that with each other"

    def process(self, request: Request) -> Process:
        model_caller = yield from self.caller_for(request)
        answer = EMPTY_ANSWER
        for passage in self.shown(request).passages:
            so_far = (Message("user", f"The answer so far: {answer.text}"),) if answer.text else ()
            with_passage = Request(request.question, (passage,))
            (outcome,) = yield (model_caller.call(REVISE if so_far else THINK, with_passage, turns=so_far),)
            completion = completion_of(outcome)
            revised = model_caller.answered(model_caller.conclusion(completion), completion, with_passage)
            if is_known(revised.text) or not answer.text:
                answer = revised
        return answer
