from __future__ import annotations

import re

from tradespace.components.answers import extract
from tradespace.evals.measures.form import FormMeasure
from tradespace.types import Question


class AnswerYesNo(FormMeasure):
    """1 if the answer says yes or no, whichever is accepted, else 0."""

    accepted = re.compile(r"yes|no", re.IGNORECASE)

    def is_right(self, answer: str, question: Question) -> bool:
        return extract(answer, "yes_no") in {right.lower() for right in question.answers}


ANSWER_YES_NO = AnswerYesNo("answer_yes_no")
