from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradespace.evals.group_names import GroupName
from tradespace.evals.measures.base import Measure, Needs
from tradespace.types import Answer, Question, Ranking


@dataclass(frozen=True)
class InGroup(Measure):
    """What another measure says of the questions of one group; the others have no score.

    Attributes:
        of: the other measure.
        column, value: what a question of the group has.

    >>> from tradespace.evals.measures import measure
    >>> german = InGroup.of_group(measure("answer_f1"), "language", "de")
    >>> german.name, german.applies_to(Question("1", "Wer?", ("Rollo",), groups=(("language", "de"),)))
    ('answer_f1[language=de]', True)
    """

    of: Measure
    column: str
    value: str

    @classmethod
    def of_group(cls, of: Measure, column: str, value: str) -> InGroup:
        """The measure of a group, with its name."""
        return cls(str(GroupName(of.name, column, value)), of, column, value)

    @property
    def needs(self) -> Needs:  # type: ignore[override]  # as the other measure: an instance's, not the class's
        return self.of.needs

    @property
    def maximize(self) -> bool:
        return self.of.maximize

    @property
    def scores_passages(self) -> bool:
        return self.of.scores_passages

    @property
    def reads_passages(self) -> bool:  # type: ignore[override]  # as the other measure
        return self.of.reads_passages

    def holds(self, question: Question) -> bool:
        """Whether a question is of the group."""
        return (self.column, self.value) in question.groups

    def applies_to(self, question: Question) -> bool:
        return self.holds(question) and self.of.applies_to(question)

    def masked(self, questions: Sequence[Question], scores: Sequence[float | None]) -> list[float | None]:
        """What the other measure scored, without what it scored outside the group."""
        return [score if self.holds(question) else None for question, score in zip(questions, scores, strict=True)]

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        return self.masked(questions, self.of.score(questions, rankings, answers))

    def reason(self, question: Question, ranking: Ranking | None, answer: Answer | None) -> str:
        return self.of.reason(question, ranking, answer)
