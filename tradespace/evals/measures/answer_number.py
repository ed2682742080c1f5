from __future__ import annotations

import re

from tradespace.components.answers import extract, same
from tradespace.evals.measures.form import FormMeasure
from tradespace.types import Question


class AnswerNumber(FormMeasure):
    """1 if the answer's number equals an accepted one, else 0: 18.00, $18 and 36/2 are the same.

    Cobbe et al. 2021, "Training Verifiers to Solve Math Word Problems" (GSM8K).
    """

    accepted = re.compile(r"-?\$?[\d,]*\.?\d+(/\d+)?%?")

    def is_right(self, answer: str, question: Question) -> bool:
        number = extract(answer, "number")
        return any(same(number, extract(right, "number"), "number") for right in question.answers)


ANSWER_NUMBER = AnswerNumber("answer_number")
