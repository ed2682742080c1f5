from __future__ import annotations

from collections.abc import Sequence

from tradespace.evals.measures.base import AnswerMeasure
from tradespace.evals.measures.normalisation import accepted_words, normalised_words


class AnswerContained(AnswerMeasure):
    """1 if the answer contains an accepted answer, as whole words in a row after SQuAD's normalisation, else 0.

    Fair to answers in sentences, whose every further word exact match and F1 punish; blind to what else is said.
    Liu et al. 2023, "Lost in the Middle", measure so (there, a part of a word counts too). An empty accepted answer,
    "there is none", is contained in an empty answer alone.
    """

    def grade(self, answer: str, accepted: Sequence[str]) -> float:
        return float(any(_contains(normalised_words(answer), right) for right in accepted_words(accepted)))


def _contains(words: tuple[str, ...], right: tuple[str, ...]) -> bool:
    if not right:
        return not words
    return any(words[start : start + len(right)] == right for start in range(len(words) - len(right) + 1))


ANSWER_CONTAINED = AnswerContained("answer_contained")
