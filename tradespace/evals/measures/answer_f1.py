from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tradespace.evals.measures.base import AnswerMeasure
from tradespace.evals.measures.normalisation import accepted_words, normalised_words


class AnswerF1(AnswerMeasure):
    """Harmonic mean of precision and recall of the answer's words, against the accepted answer that fits best.

    Words are compared after SQuAD's normalisation, as often as they occur. Where the accepted answer or the given one
    has no words, the score is 1 if neither has any, else 0.

    Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text".
    """

    def grade(self, answer: str, accepted: Sequence[str]) -> float:
        return max(_f1(normalised_words(answer), right) for right in accepted_words(accepted))


def _f1(words: tuple[str, ...], right: tuple[str, ...]) -> float:
    if not words or not right:
        return float(words == right)
    # With p = shared/words and r = shared/right, 2pr/(p+r) is this.
    return 2 * (Counter(words) & Counter(right)).total() / (len(words) + len(right))


ANSWER_F1 = AnswerF1("answer_f1")
