"""The measure protocol: what a pipeline returned for a question, scored against what is known about it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from tradespace.types import Answer, Question, Ranking

MEND = "Mend it, and run the same command again: no call is lost"
"""What to do about a measure that raises or gives no score."""


class Needs(StrEnum):
    """What a question must have so that a measure can score it; the names are those of `Question`'s attributes.

    Every question has a text: a measure that needs no more compares an answer with nothing that is known beforehand.
    """

    ANSWERS = "answers"
    GOLD = "gold"
    EVIDENCE = "evidence"
    TEXT = "text"


@dataclass(frozen=True)
class Measure(ABC):
    """Scores questions one by one, each from 0 to 1, of which 1 is best unless less of the measure is better.

    Attributes:
        name: how YAML, tables and reports call it; unique among all measures.
        needs: what a question must have.

    Class attributes:
        reads_passages: whether scores of answers depend on the passages that were found, too.

    >>> class Abstention(Measure):
    ...     needs = Needs.ANSWERS
    ...
    ...     def score(self, questions, rankings, answers):
    ...         return [None if answer is None else float(not answer.text) for answer in answers]
    >>> Abstention("abstention").score([Question("1", "Who sat?", ("the cat",))], [None], [Answer("", score=0.0)])
    [1.0]
    """

    name: str
    needs: ClassVar[Needs]
    reads_passages: ClassVar[bool] = False

    @property
    def maximize(self) -> bool:
        """Whether more of it is better."""
        return True

    @property
    def worst(self) -> float:
        """What a question scores on which the pipeline failed."""
        return 0.0 if self.maximize else 1.0

    @property
    def scores_passages(self) -> bool:
        """Whether it is about the passages that were found, and not about the answer: if it needs gold documents or
        evidence, unless a measure says otherwise."""
        return self.needs in (Needs.GOLD, Needs.EVIDENCE)

    def applies_to(self, question: Question) -> bool:
        """Whether the question has what this measure needs."""
        return bool(getattr(question, self.needs))

    @abstractmethod
    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        """Score what was returned for each question; the three sequences are equally long.

        Questions may repeat, so that many pipelines are scored in one call. A score is None (missing, not zero) where
        the question lacks what the measure needs, or where there is no ranking or answer to score.
        """

    def reason(self, question: Question, ranking: Ranking | None, answer: Answer | None) -> str:
        """Why a question has its score, for a reader; empty where there is nothing to say."""
        return ""


class AnswerMeasure(Measure):
    """Compares the text of an answer with the accepted answers.

    >>> class SameLength(AnswerMeasure):
    ...     def grade(self, answer, accepted):
    ...         return float(len(answer) in map(len, accepted))
    >>> SameLength("same_length").grade("a cat", ["a dog", "a mouse"])
    1.0
    """

    needs: ClassVar[Needs] = Needs.ANSWERS

    @abstractmethod
    def grade(self, answer: str, accepted: Sequence[str]) -> float:
        """Score one answer's text against the accepted answers, of which there is at least one."""

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        return [
            self.grade(answer.text, question.answers) if answer is not None and self.applies_to(question) else None
            for question, _, answer in zip(questions, rankings, answers, strict=True)
        ]
