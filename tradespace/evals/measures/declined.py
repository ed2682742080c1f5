from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from tradespace.evals.measures.base import Measure, Needs
from tradespace.evals.measures.declining import declines, is_unanswerable
from tradespace.types import Answer, Question, Ranking


class DecliningMeasure(Measure, ABC):
    """Whether questions are declined, of those that should be, or of those that should not."""

    needs: ClassVar[Needs] = Needs.ANSWERS

    def applies_to(self, question: Question) -> bool:
        return bool(question.answers) and self.concerns(question)

    @abstractmethod
    def concerns(self, question: Question) -> bool:
        """Whether a question with accepted answers is one of those."""

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        return [
            float(declines(answer)) if answer is not None and self.applies_to(question) else None
            for question, answer in zip(questions, answers, strict=True)
        ]


class DeclinedRightly(DecliningMeasure):
    """Of the questions that have no answer, 1 if declined, else 0. The others have no score.

    A question has no answer where the empty one is accepted alone: `"answers": [""]`, SQuAD 2.0's `is_impossible`,
    MuSiQue's `answerable`. What declines a question is said at `abstention_rate`.
    """

    def concerns(self, question: Question) -> bool:
        return is_unanswerable(question)


class DeclinedWrongly(DecliningMeasure):
    """Of the questions that have an answer, 1 if declined, else 0: less is better. The others have no score.

    A question on which the pipeline failed counts as declined.
    """

    @property
    def maximize(self) -> bool:
        return False

    def concerns(self, question: Question) -> bool:
        return not is_unanswerable(question)


DECLINED = (DeclinedRightly("declined_rightly"), DeclinedWrongly("declined_wrongly"))
