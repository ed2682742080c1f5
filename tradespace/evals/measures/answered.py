from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tradespace.evals.measures.answer_contained import ANSWER_CONTAINED
from tradespace.evals.measures.answer_em import ANSWER_EM
from tradespace.evals.measures.answer_f1 import ANSWER_F1
from tradespace.evals.measures.base import AnswerMeasure, Measure, Needs
from tradespace.evals.measures.declining import declines
from tradespace.types import Answer, Question, Ranking


@dataclass(frozen=True)
class AnsweredOnly(Measure):
    """Accuracy when answering: exact match, F1, or an accepted answer contained, of the questions that are not
    declined (see `abstention_rate`).

    A declined question has no score, so each pipeline has the mean over the questions that it answers: a ratio, whose
    intervals allow for how many these are by chance, and which is compared with that of others as one. To answer a
    question that has no answer is wrong. A pipeline that declines everything has no figure.
    """

    of: AnswerMeasure
    needs: ClassVar[Needs] = Needs.ANSWERS

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        scores = self.of.score(questions, rankings, answers)
        return [
            None if answer is not None and declines(answer) else score
            for score, answer in zip(scores, answers, strict=True)
        ]


ANSWERED_ALONE = tuple(
    AnsweredOnly(name, of)
    for name, of in (
        ("answered_em", ANSWER_EM),
        ("answered_f1", ANSWER_F1),
        ("answered_contained", ANSWER_CONTAINED),
    )
)
