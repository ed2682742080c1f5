from __future__ import annotations

from collections.abc import Sequence

from tradespace.evals.measures.base import AnswerMeasure
from tradespace.evals.measures.normalisation import accepted_words, normalised_words


class AnswerEM(AnswerMeasure):
    """Exact match: 1 if the answer equals an accepted answer after SQuAD's normalisation, else 0.

    Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text".
    """

    def grade(self, answer: str, accepted: Sequence[str]) -> float:
        return float(normalised_words(answer) in accepted_words(accepted))


ANSWER_EM = AnswerEM("answer_em")
