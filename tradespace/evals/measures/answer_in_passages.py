from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import ClassVar

from tradespace.evals.measures.answer_choice import ANSWER_CHOICE
from tradespace.evals.measures.answer_code import ANSWER_CODE
from tradespace.evals.measures.answer_expression import ANSWER_EXPRESSION
from tradespace.evals.measures.answer_number import ANSWER_NUMBER
from tradespace.evals.measures.answer_yes_no import ANSWER_YES_NO
from tradespace.evals.measures.base import Needs
from tradespace.evals.measures.normalisation import running_words
from tradespace.evals.measures.passages import PassageMeasure
from tradespace.segmentation import is_foreign
from tradespace.types import Answer, Passage, Question, Ranking

_FORMS = (ANSWER_YES_NO, ANSWER_NUMBER, ANSWER_CHOICE, ANSWER_EXPRESSION, ANSWER_CODE)


class AnswerInPassages(PassageMeasure):
    """1 if an accepted answer stands in a passage that the pipeline hands on, else 0: what a reader could find at best.

    As whole words in a row after SQuAD's normalisation, or characters in scripts without spaces, as `answer_contained`
    looks for them in answers. Karpukhin et al. 2020, "Dense Passage Retrieval for Open-Domain Question Answering", call
    it top-k retrieval accuracy. It needs no gold documents. A short answer, such as a year, may stand where nothing
    answers the question; one that is put in other words than the text's is never found.

    Questions have no score that are answered by yes, no or nothing; nor those without gold documents whose answers have
    a form, such as a number, as these are worked out and not found.
    """

    needs: ClassVar[Needs] = Needs.ANSWERS

    def applies_to(self, question: Question) -> bool:
        return bool(_sought(question.answers)) and not any(form.applies_to(question) for form in _FORMS)

    def grade_passages(self, question: Question, passages: Sequence[Passage]) -> float:
        return float(any(self._places(question, passages)))

    def reason(self, question: Question, ranking: Ranking | None, answer: Answer | None) -> str:
        """The first passage that an accepted answer stands in."""
        if ranking is None or not self.applies_to(question):
            return ""
        place = next(self._places(question, self.looked_at(question, ranking)), None)
        return f"an accepted answer stands in passage {place}" if place else "no accepted answer stands in a passage"

    def _places(self, question: Question, passages: Sequence[Passage]) -> Iterator[int]:
        """Which passages hold an accepted answer, from 1."""
        sought = _sought(question.answers)
        for place, passage in enumerate(passages, start=1):
            if any(_holds(passage.text, answer) for answer in sought):
                yield place


@lru_cache(maxsize=2**12)
def _sought(answers: tuple[str, ...]) -> tuple[str, ...]:
    """The accepted answers that can be looked for in a text: those that have words, and are not yes or no."""
    worded = (answer for answer in answers if running_words(answer, foreign=True))
    return tuple(answer for answer in worded if not ANSWER_YES_NO.accepted.fullmatch(answer))


def _holds(text: str, answer: str) -> bool:
    """Whether the words of an answer stand in a row in a text: as those of a foreign one, if either of them is."""
    foreign = _known_foreign(text) or _known_foreign(answer)
    return running_words(answer, foreign=foreign) in running_words(text, foreign=foreign)


_known_foreign = lru_cache(maxsize=2**15)(is_foreign)
"""Passages are the same for many pipelines."""

ANSWER_IN_PASSAGES = AnswerInPassages("answer_in_passages")
