"""Two readers that check each other (agreement-based cascading, Kolawole et al. 2024)."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from tradespace.components.answers import Form, extract, same
from tradespace.components.base import Process, Reader, answer_of
from tradespace.components.processes import side_by_side
from tradespace.components.readers.llm import LLMReader
from tradespace.components.strategies.answers import is_known
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.types import Request


class Agreement(Reader):
    """Two readers in parallel: the answer is the first one's, with confidence 1 where the second agrees.

    Where they differ, or know nothing, the confidence is 0. A `cascade` that has it first then calls a costlier reader:
    so models that report no confidence of their own can be cascaded.
    """

    name: ClassVar[str] = "agreement"
    in_words: ClassVar[str] = "{first}, and a second reader has to agree"

    first: Reader = Field(default=LLMReader(), description="the reader whose answer it is")
    second: Reader = Field(default=LLMReader(strategy=ChainOfThought()), description="the reader that has to agree")
    form: Form = Field(default="span", description="the form of answers, by which they are compared")

    def process(self, request: Request) -> Process:
        both = yield from side_by_side([self.first.process(request), self.second.process(request)])
        answer, other = map(answer_of, both)
        said, expected = (extract(reply.text, self.form) for reply in (answer, other))
        agreed = is_known(said) and is_known(expected) and same(said, expected, self.form)
        return replace(answer, confidence=float(agreed))
