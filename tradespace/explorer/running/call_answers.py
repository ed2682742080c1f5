"""What a run needs from whatever answers its calls: by making them, from the ledger, or with stand-ins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tradespace.components.base import Call, Pipeline
from tradespace.components.corpus import Corpus
from tradespace.types import Failure, Outcome


@dataclass(frozen=True, slots=True)
class Assumed:
    """What stands in for the outcome of a call that was not made.

    Attributes:
        key: the content address of the call.
    """

    outcome: Outcome
    call: Call
    key: bytes


class CallAnswers(Protocol):
    """What jobs need: outcomes of calls."""

    def outcomes(self, calls: Sequence[Call], corpus: Corpus) -> Sequence[Outcome | Failure | Assumed]:
        """Answer every call, in order; a call may be asked for more than once."""


class CountedAnswers(CallAnswers, Protocol):
    """What is told besides how much was asked."""

    def count(self, asked: int) -> None:
        """Take note of calls that pipelines would have made, had each run alone."""


class Answers(CountedAnswers, Protocol):
    """What a run needs besides: corpora to search."""

    def corpus(self, pipeline: Pipeline) -> Corpus:
        """The corpus that a pipeline searches.

        Raises:
            ComponentError: the corpus cannot be made.
        """
