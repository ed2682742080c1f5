"""Measures of answers that have a form of their own: a number, a choice, an expression, a program."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from tradespace.evals.measures.base import Measure, Needs
from tradespace.types import Answer, Question, Ranking


class FormMeasure(Measure):
    """1 if an answer is right, else 0, for questions whose accepted answers all look like `accepted`.

    Questions about documents are left out: their answers are found in texts, whatever they look like.
    """

    needs: ClassVar[Needs] = Needs.ANSWERS
    accepted: ClassVar[re.Pattern[str]]

    def applies_to(self, question: Question) -> bool:
        looks_right = all(self.accepted.fullmatch(answer) for answer in question.answers)
        return bool(question.answers) and not question.gold and looks_right

    @abstractmethod
    def is_right(self, answer: str, question: Question) -> bool:
        """Whether an answer's text is right."""

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        return [
            float(self.is_right(answer.text, question)) if answer is not None and self.applies_to(question) else None
            for question, answer in zip(questions, answers, strict=True)
        ]
