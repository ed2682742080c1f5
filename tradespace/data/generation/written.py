"""Questions as a program or a model writes them, before anybody examines them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class GeneratedType(StrEnum):
    """What a generated question asks for; the column `type` of its file."""

    FACT = "fact"
    NUMBER = "number"
    YES_NO = "yes_no"
    TWO_PASSAGES = "two_passages"
    UNANSWERABLE = "unanswerable"


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A question with its answer, and where that stands.

    Attributes:
        answer: empty where the documents do not tell it.
        sentences: of each passage that it was written about, the number of the sentence that answers it, counted from
            0; empty where none does.
    """

    text: str
    answer: str = ""
    sentences: tuple[int, ...] = ()
