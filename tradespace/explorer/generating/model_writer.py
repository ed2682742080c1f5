"""Questions by a language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradespace.components.base import Call, completion_of
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.data.generation.written import GeneratedType
from tradespace.explorer.generating.base import MadeCalls, QuestionWriter
from tradespace.explorer.generating.fates import WritingResult
from tradespace.explorer.generating.sources import Assignment
from tradespace.explorer.generating.writing_prompts import messages_for, question_in, schema_for
from tradespace.secrets import scrubbed
from tradespace.types import Failure, Outcome, Prompt


@dataclass(frozen=True)
class ModelWriter(QuestionWriter):
    """Has a model write questions of all types, one call for each.

    Attributes:
        temperature: how freely it writes.
        max_tokens: tokens after which a reply is cut off, thoughts included.
    """

    model: LanguageModel
    seed: int = 0
    temperature: float = 1.0
    max_tokens: int = 1024

    @property
    def name(self) -> str:
        return scrubbed(str(self.model))

    @property
    def types(self) -> tuple[GeneratedType, ...]:
        return tuple(GeneratedType)

    def write(self, assignments: Sequence[Assignment], answers: MadeCalls, corpus: Corpus) -> list[WritingResult]:
        outcomes = answers.outcomes([self._call(assignment) for assignment in assignments], corpus)
        return [_read(outcome, assignment) for outcome, assignment in zip(outcomes, assignments, strict=True)]

    def _call(self, assignment: Assignment) -> Call:
        prompt = Prompt(
            messages_for(assignment),
            self.temperature,
            max_tokens=self.max_tokens,
            seed=self.seed,
            sample=assignment.visit,
            json_schema=schema_for(assignment) if self.model.takes_schemas else "",
        )
        return Call(self.model, prompt)


def _read(outcome: Outcome | Failure, assignment: Assignment) -> WritingResult:
    return outcome if isinstance(outcome, Failure) else question_in(completion_of(outcome).text, assignment)
