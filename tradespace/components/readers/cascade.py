"""Cascades: a cheap reader first, an expensive one if it is unsure (FrugalGPT, Chen, Zaharia & Zou 2023)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process, Reader, answer_of
from tradespace.components.processes import Rounds
from tradespace.components.readers.llm import LLMReader
from tradespace.components.readers.sentence import SentenceReader
from tradespace.components.strategies.algebra import cascade
from tradespace.types import Answer, Request


class Cascade(Reader):
    """The first reader's answer where it is confident enough, otherwise the other's: both then cost their time.

    Either may be a cascade itself. A reader without a confidence is judged by its score.
    """

    name: ClassVar[str] = "cascade"
    in_words: ClassVar[str] = "{first}; below a confidence of {accept} {then}"

    first: Reader = Field(default=SentenceReader(), description="the reader that is tried first")
    then: Reader = Field(
        default=LLMReader(), description="the reader that is tried if the first is not confident enough"
    )
    accept: float = Field(default=0.5, ge=0, le=1, description="confidence from which the first answer stands")

    def process(self, request: Request) -> Process:
        return (yield from cascade([(_answer(self.first, request), self.accept), (_answer(self.then, request), 0)]))


def _answer(reader: Reader, request: Request) -> Rounds[Answer]:
    return answer_of((yield from reader.process(request)))
