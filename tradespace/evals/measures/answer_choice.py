from __future__ import annotations

import re

from tradespace.components.answers import extract
from tradespace.components.answers.choice import nearest_option
from tradespace.evals.measures.form import FormMeasure
from tradespace.types import Question

_OPTION = re.compile(r"^[A-J]\).*$", re.MULTILINE)


class AnswerChoice(FormMeasure):
    """1 if the answer chooses an accepted letter, else 0. A number chooses the option whose number is nearest to it.

    Options are lines of the question such as `B)12%`. Ling et al. 2017, "Program Induction by Rationale Generation"
    (AQuA-RAT).
    """

    accepted = re.compile(r"[A-J]")

    def is_right(self, answer: str, question: Question) -> bool:
        return (extract(answer, "choice") or _nearest(answer, question)) in question.answers


def _nearest(answer: str, question: Question) -> str:
    number = extract(answer, "number")
    return nearest_option(number, _OPTION.findall(question.text)) if number else ""


ANSWER_CHOICE = AnswerChoice("answer_choice")
