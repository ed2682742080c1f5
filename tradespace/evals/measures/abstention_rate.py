from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from tradespace.evals.measures.base import Measure, Needs
from tradespace.evals.measures.declining import declines
from tradespace.types import Answer, Question, Ranking


class AbstentionRate(Measure):
    """1 if the question is declined, else 0: its mean is the share of questions that get no answer.

    It is good or bad only beside what the others get: with `answered_f1: maximize`, minimize it. A question is declined
    by an empty answer, or one that says no more than that it is not known (`unknown`, `I don't know`): where the
    prompt lets a model decline (`decline: true`), or by a `selective` reader. A question on which the pipeline failed
    gets no answer either.

    El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective Classification": 1 less the coverage.
    """

    needs: ClassVar[Needs] = Needs.TEXT

    @property
    def maximize(self) -> bool:
        return False

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        return [
            float(declines(answer)) if answer is not None and self.applies_to(question) else None
            for question, answer in zip(questions, answers, strict=True)
        ]


ABSTENTION_RATE = AbstentionRate("abstention_rate")
