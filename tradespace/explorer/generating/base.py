"""The protocol of what writes questions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

from tradespace.components.base import Call
from tradespace.components.corpus import Corpus
from tradespace.data.generation.written import GeneratedType
from tradespace.explorer.generating.fates import WritingResult
from tradespace.explorer.generating.sources import Assignment
from tradespace.types import Failure, Outcome


class MadeCalls(Protocol):
    """Answers calls: by making them, or from a ledger."""

    def outcomes(self, calls: Sequence[Call], corpus: Corpus) -> list[Outcome | Failure]:
        """Answer every call, in order."""


class QuestionWriter(ABC):
    """Writes questions about passages. The same assignment comes to the same question, whatever is written beside it.

    `QuestionWriterContract` in `tradespace.testing` checks it.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """What reports call it."""

    @property
    @abstractmethod
    def types(self) -> tuple[GeneratedType, ...]:
        """The types of questions that it can write."""

    @abstractmethod
    def write(self, assignments: Sequence[Assignment], answers: MadeCalls, corpus: Corpus) -> list[WritingResult]:
        """Write a question for each assignment, in their order, or say why there is none."""
