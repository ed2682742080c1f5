"""What went wrong: failures with one cause share a line, even if their numbers differ."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tradespace.explorer.results import Evaluation, QuestionSet, Results

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way in which evaluations failed.

    Attributes:
        message: the first message of its kind; the others differ from it in numbers alone.
        question_set: whose questions failed.
        pipelines, questions: how many failed so; a question counts once for each pipeline.
        example: the first pipeline.
        messages: how many different messages there are.
    """

    message: str
    question_set: QuestionSet
    pipelines: int
    questions: int
    example: str
    messages: int = 1


@dataclass
class _Group:
    messages: dict[str, None] = field(default_factory=dict)
    pipelines: dict[str, None] = field(default_factory=dict)
    questions: int = 0

    def add(self, evaluation: Evaluation, message: str) -> None:
        self.messages[message] = self.pipelines[evaluation.pipeline] = None
        self.questions += 1

    def trouble(self, question_set: QuestionSet) -> Trouble:
        message, example = next(iter(self.messages)), next(iter(self.pipelines))
        return Trouble(message, question_set, len(self.pipelines), self.questions, example, len(self.messages))


def troubles(results: Results) -> tuple[Trouble, ...]:
    """Group recorded failures by question set and kind of message, most frequent first."""
    return troubles_of((*results.explored, *results.confirmed))


def troubles_of(evaluations: Iterable[Evaluation]) -> tuple[Trouble, ...]:
    """Group the failures of evaluations."""
    groups: defaultdict[tuple[str, QuestionSet], _Group] = defaultdict(_Group)
    for evaluation in evaluations:
        for message in evaluation.failures.values():
            groups[failure_kind(message), evaluation.question_set].add(evaluation, message)
    troubles = [group.trouble(question_set) for (_, question_set), group in groups.items()]
    return tuple(sorted(troubles, key=lambda trouble: -trouble.questions))


def failure_kind(message: str) -> str:
    """A message without its numbers: token counts, lengths and times of one cause differ from question to question.

    >>> failure_kind("5,120 tokens, but at most 4096 are read")
    '# tokens, but at most # are read'
    """
    return _NUMBER.sub("#", message)
