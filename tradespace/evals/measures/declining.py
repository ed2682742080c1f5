"""What it is to decline a question, and which questions are rightly declined."""

from __future__ import annotations

from tradespace.components.strategies.answers import is_known
from tradespace.types import Answer, Question


def declines(answer: Answer) -> bool:
    """Whether an answer says nothing, or no more than that it is not known: `unknown`, `I don't know`.

    >>> [declines(Answer(text, 0.0)) for text in ("", "Unknown.", "the unknown soldier")]
    [True, True, False]
    """
    return not is_known(answer.text)


def is_unanswerable(question: Question) -> bool:
    """Whether the right answer is that there is none: its accepted answers are empty, as in SQuAD 2.0 and MuSiQue."""
    return bool(question.answers) and not any(answer.strip() for answer in question.answers)
