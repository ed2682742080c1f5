from __future__ import annotations

import re

from tradespace.components.answers import extract
from tradespace.components.answers.expression import exact_value, numbers_in
from tradespace.evals.measures.form import FormMeasure
from tradespace.types import Question


class AnswerExpression(FormMeasure):
    """1 if the answer is an expression with an accepted value that uses each number of the question once, else 0.

    Accepted answers read `= 24`. Values are exact. Yao et al. 2023, "Tree of Thoughts" (Game of 24).
    """

    accepted = re.compile(r"= ?-?\d+(\.\d+)?")

    def is_right(self, answer: str, question: Question) -> bool:
        expression = extract(answer, "expression")
        if not expression or numbers_in(expression) != numbers_in(_listed(question.text)):
            return False
        return exact_value(expression) in {exact_value(right.lstrip("= ")) for right in question.answers}


def _listed(text: str) -> str:
    """The numbers of a text as an expression."""
    return "+".join(re.findall(r"\d+(?:\.\d+)?", text))


ANSWER_EXPRESSION = AnswerExpression("answer_expression")
