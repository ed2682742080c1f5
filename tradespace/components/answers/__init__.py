"""Answers found in what a model wrote, and compared: the one place for it, one file for each form of answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tradespace.components.answers.base import AnswerForm
from tradespace.components.answers.choice import CHOICE
from tradespace.components.answers.code import CODE
from tradespace.components.answers.expression import EXPRESSION
from tradespace.components.answers.number import NUMBER
from tradespace.components.answers.span import SPAN
from tradespace.components.answers.yes_no import YES_NO

Form = Literal["span", "number", "choice", "yes_no", "expression", "code"]

ANSWER_FORMS: Mapping[Form, AnswerForm] = {
    "span": SPAN,
    "number": NUMBER,
    "choice": CHOICE,
    "yes_no": YES_NO,
    "expression": EXPRESSION,
    "code": CODE,
}

__all__ = ["ANSWER_FORMS", "AnswerForm", "Form", "extract", "same"]


def extract(text: str, form: Form) -> str:
    """The answer of a text in its normal form; empty where there is none.

    >>> extract("She makes 9 * $2 = $18.00 a day.", "number")
    '18'
    """
    return ANSWER_FORMS[form].extract(text)


def same(left: str, right: str, form: Form) -> bool:
    """Whether two extracted answers are the same answer. No answer is the same as none, not even as no answer.

    >>> same("2.5", "5/2", "number")
    True
    """
    return bool(left and right) and ANSWER_FORMS[form].same(left, right)
