from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from tradespace.components.processes import Rounds
from tradespace.components.prompts.sandboxed import MOST_TEMPLATE_CHARACTERS
from tradespace.evals.measures.base import Needs
from tradespace.evals.measures.calling import CallingMeasure, Scoring
from tradespace.evals.measures.judge import INSTRUCTION_MEANING, PROMPT_MEANING, Blanks, JudgedMeasure, declined
from tradespace.files import GivenAsFile
from tradespace.types import Answer, Question, Ranking


class JudgedRelevant(JudgedMeasure):
    """1 where a language model says that the answer addresses the question, right or wrong; else 0.

    It needs nothing but questions. One call for each judgement of an answer. An empty answer is worth 0 without a call,
    and 1 where it is accepted.
    """

    name: ClassVar[str] = "judged_relevant"
    templates: ClassVar[Mapping[str, Blanks]] = {"prompt": Blanks(("question", "answer"), "answer")}

    instruction: str = Field(
        default="Does the answer address the question? It does if it gives what was asked for, all of it, without "
        "going off into something else. Whether what it says is true does not matter.",
        description=INSTRUCTION_MEANING,
    )
    prompt: Annotated[str, GivenAsFile("file")] = Field(
        default="Question: {{ question }}\n\nAnswer to be judged: {{ answer }}",
        max_length=MOST_TEMPLATE_CHARACTERS,
        description=PROMPT_MEANING,
    )

    def measure(self, name: str) -> CallingMeasure:
        return RelevanceByJudge(name, self)


@dataclass(frozen=True)
class RelevanceByJudge(CallingMeasure):
    """Whether an answer addresses its question, as a language model judges."""

    needs: ClassVar[Needs] = Needs.TEXT

    judge: JudgedRelevant

    def process(self, question: Question, ranking: Ranking, answer: Answer) -> Rounds[Scoring]:
        if not answer.text.strip():
            return declined(question)
        shown = {"question": question.text, "answer": answer.text}
        judgements = yield from self.judge.asked(self.judge.instruction, self.judge.prompt, shown)
        return judgements.scoring(self.judge.combine)
