"""Questions by rule: offline and free."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tradespace.addresses import digest
from tradespace.components.corpus import Corpus
from tradespace.components.sentences import sentence_spans
from tradespace.data.generation.rules import ASKED_FOR, question_by_rule
from tradespace.data.generation.written import GeneratedType
from tradespace.explorer.generating.base import MadeCalls, QuestionWriter
from tradespace.explorer.generating.fates import Fate, WritingResult
from tradespace.explorer.generating.sources import Assignment


@dataclass(frozen=True)
class RuleWriter(QuestionWriter):
    """Makes questions of sentences by the rules that the training of the reader has, but without their noise."""

    seed: int = 0

    @property
    def name(self) -> str:
        return "rules"

    @property
    def types(self) -> tuple[GeneratedType, ...]:
        return tuple(ASKED_FOR)

    def write(self, assignments: Sequence[Assignment], answers: MadeCalls, corpus: Corpus) -> list[WritingResult]:
        return [self._written(assignment, corpus) for assignment in assignments]

    def _written(self, assignment: Assignment, corpus: Corpus) -> WritingResult:
        (source,) = assignment.sources
        drawn_by = [str(self.seed), assignment.type, source.passage.id, source.passage.text, str(assignment.visit)]
        generator = random.Random(digest(drawn_by))
        other = generator.choice(corpus.passages).text
        foreign = [other[start:end] for start, end in sentence_spans(other)]
        written = question_by_rule(assignment.type, source.texts, source.title, foreign, generator)
        return written or Fate.NOTHING
