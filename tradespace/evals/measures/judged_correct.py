from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from tradespace.components.processes import Rounds
from tradespace.components.prompts.sandboxed import MOST_TEMPLATE_CHARACTERS
from tradespace.evals.measures.base import Needs
from tradespace.evals.measures.calling import CallingMeasure, Scoring
from tradespace.evals.measures.judge import (
    INSTRUCTION_MEANING,
    PROMPT_MEANING,
    UNANSWERABLE,
    Blanks,
    JudgedMeasure,
    declined,
)
from tradespace.files import GivenAsFile
from tradespace.types import Answer, Question, Ranking


class JudgedCorrect(JudgedMeasure):
    """1 where a language model says that the answer is right, by the accepted answers; else 0.

    For answers in sentences, which no comparison of words does justice to. One call for each judgement of an answer. An
    empty answer is right where an accepted one is empty, and wrong elsewhere, without a call.
    """

    name: ClassVar[str] = "judged_correct"
    templates: ClassVar[Mapping[str, Blanks]] = {"prompt": Blanks(("question", "references", "answer"), "answer")}

    instruction: str = Field(
        default="Is the answer to the question right? It is right if it says what one of the reference answers says, "
        "in whatever words; more detail does no harm unless it contradicts the references. It is wrong if it "
        "says something else, leaves out what was asked for, or does not commit itself.",
        description=INSTRUCTION_MEANING,
    )
    prompt: Annotated[str, GivenAsFile("file")] = Field(
        default="Question: {{ question }}\n\n{% for reference in references %}\nReference answer: {{ reference }}\n"
        "{% endfor %}\n\nAnswer to be judged: {{ answer }}",
        max_length=MOST_TEMPLATE_CHARACTERS,
        description=PROMPT_MEANING,
    )

    def measure(self, name: str) -> CallingMeasure:
        return CorrectnessByJudge(name, self)


@dataclass(frozen=True)
class CorrectnessByJudge(CallingMeasure):
    """Whether an answer is right, as a language model judges."""

    needs: ClassVar[Needs] = Needs.ANSWERS

    judge: JudgedCorrect

    def process(self, question: Question, ranking: Ranking, answer: Answer) -> Rounds[Scoring]:
        if not answer.text.strip():
            return declined(question)
        references = tuple(accepted.strip() or UNANSWERABLE for accepted in question.answers)
        shown = {"question": question.text, "references": references, "answer": answer.text}
        judgements = yield from self.judge.asked(self.judge.instruction, self.judge.prompt, shown)
        return judgements.scoring(self.judge.combine)
