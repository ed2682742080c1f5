"""A reader as verifier: how well passages support an answer."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Reader, answer_of
from tradespace.components.processes import Rounds
from tradespace.components.readers.sentence import SentenceReader
from tradespace.components.strategies.algebra import confidence
from tradespace.components.strategies.base import ModelCaller
from tradespace.components.strategies.candidates import Candidate
from tradespace.components.strategies.verifiers.base import Verifier
from tradespace.types import Request


class ReaderScore(Verifier):
    """A reader is given question and answer as one text; the score is its confidence that the passages support it."""

    name: ClassVar[str] = "reader_score"

    reader: Reader = Field(default=SentenceReader(), description="the reader whose confidence, or else score, is taken")

    def verify(self, model_caller: ModelCaller, request: Request, candidate: Candidate) -> Rounds[float]:
        stated = Request(f"{request.question} {candidate.answer}", request.passages)
        return confidence(answer_of((yield from self.reader.process(stated))))
