"""Measures of what stands in passages, rather than of which documents they are from."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from tradespace.errors import InputError
from tradespace.evals.measures.base import Measure
from tradespace.evals.measures.formulas import DEEPEST
from tradespace.types import Answer, Passage, Question, Ranking

_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True)
class PassageMeasure(Measure):
    """Looks at the passages that a pipeline hands on, or at the first of them.

    Those of the document that the question itself is don't count, and take no place.

    Attributes:
        cutoff: how many passages are looked at; None for all that are handed on.

    >>> from tradespace.evals.measures.base import Needs
    >>> from tradespace.types import ScoredPassage
    >>> class Short(PassageMeasure):
    ...     needs = Needs.ANSWERS
    ...
    ...     def grade_passages(self, question, passages):
    ...         return float(all(len(passage.text) < 20 for passage in passages))
    >>> ranking = (ScoredPassage(Passage("cat", "cat", "The cat sat."), score=0.9),)
    >>> Short("short").score([Question("1", "Who sat?", ("the cat",))], [ranking], [None])
    [1.0]
    """

    cutoff: int | None = None

    @property
    def scores_passages(self) -> bool:
        return True

    @abstractmethod
    def grade_passages(self, question: Question, passages: Sequence[Passage]) -> float:
        """Score the passages that were found for a question to which the measure applies."""

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        known: dict[tuple[int, int], float | None] = {}  # many pipelines hand on the same ranking
        for question, ranking in zip(questions, rankings, strict=True):
            if (id(question), id(ranking)) not in known:
                known[id(question), id(ranking)] = self._score(question, ranking)
        return [known[id(question), id(ranking)] for question, ranking in zip(questions, rankings, strict=True)]

    def looked_at(self, question: Question, ranking: Ranking) -> list[Passage]:
        """The passages that count."""
        passages = (scored.passage for scored in ranking)
        return [each for each in passages if not question.itself or each.document_id != question.itself][: self.cutoff]

    def _score(self, question: Question, ranking: Ranking | None) -> float | None:
        if ranking is None or not self.applies_to(question):
            return None
        return self.grade_passages(question, self.looked_at(question, ranking))

    def at(self, cutoff: str) -> Self:
        """The measure of the first passages alone, named after how many they are.

        Raises:
            InputError: the cutoff is no number, or out of range.
        """
        if not _NUMBER.fullmatch(cutoff) or int(cutoff) > DEEPEST:
            raise InputError(
                f"the measure {self.name} takes a cutoff from 1 to {DEEPEST:,}, as in {self.name}@5, or none; given: "
                f"{cutoff!r}"
            )
        return replace(self, name=f"{self.name}@{cutoff}", cutoff=int(cutoff))
