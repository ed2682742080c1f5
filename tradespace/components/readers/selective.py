"""Declining to answer where a reader is not sure (selective question answering, Kamath, Jia & Liang 2020)."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Process, Reader, answer_of
from tradespace.components.readers.reader import TrainedReader
from tradespace.components.strategies.algebra import confidence
from tradespace.types import Request


class SelectiveReader(Reader):
    """A reader that declines where it is not confident enough: the answer is then empty.

    All thresholds share the reader's calls: how often to decline costs no more to explore than one of them. A reader
    without a confidence is judged by its score.
    """

    name: ClassVar[str] = "selective"
    in_words: ClassVar[str] = "{reader}, or declines below a confidence of {decline_below}"

    reader: Reader = Field(default=TrainedReader(), description="the reader whose answers it gives")
    decline_below: float = Field(default=0.5, ge=0, le=1, description="confidence below which it declines to answer")

    def process(self, request: Request) -> Process:
        answer = answer_of((yield from self.reader.process(request)))
        return answer if confidence(answer) >= self.decline_below else replace(answer, text="", passage_id=None)
