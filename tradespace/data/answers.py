"""What the accepted answers of a dataset are like: how long, and whether they stand in its documents."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tradespace.data.dataset import Dataset
from tradespace.data.lengths import Lengths, lengths
from tradespace.types import Document, Question

LOOKED_UP = 300
"""Questions whose answers are looked for in documents: their share is known to within 6 %."""
MOST_CHARACTERS = 50_000_000
"""Of documents that are searched for the answers of questions without gold documents."""


@dataclass(frozen=True, slots=True)
class AnswerProfile:
    """What accepted answers are like.

    Attributes:
        words: lengths of the shortest accepted answer of each question that has one which is not empty.
        standing: share of those questions of which an accepted answer stands in a gold document, or in any document
            where there is no gold one; letter case and white space play no part. None where there are none.
    """

    words: Lengths
    standing: float | None


def answer_profile(dataset: Dataset) -> AnswerProfile:
    """What the accepted answers of a dataset are like."""
    asked = [question for question in dataset.questions if any(question.answers)]
    shortest = (min(filter(None, question.answers), key=len) for question in asked)
    sample = asked[:: max(1, len(asked) // LOOKED_UP)]
    return AnswerProfile(lengths(shortest), _standing(sample, dataset.documents))


def _standing(questions: Sequence[Question], documents: Sequence[Document]) -> float | None:
    if not questions:
        return None
    texts = {document.id: document.text for document in documents}
    everything = (
        _plain("\n".join(texts.values())[:MOST_CHARACTERS]) if not all(question.gold for question in questions) else ""
    )

    def stands(question: Question) -> bool:
        gold = [_plain(texts[name]) for name in question.gold if name in texts]
        return any(_plain(answer) in text for answer in question.answers if answer for text in gold or [everything])

    return sum(map(stands, questions)) / len(questions)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
