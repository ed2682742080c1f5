"""What a model is asked to do, apart from how it wants that written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tradespace.types import Message

Kind = Literal["direct", "think", "calculate", "ask", "judge"]


@dataclass(frozen=True, slots=True)
class Instruction:
    """One way of being asked.

    Attributes:
        kind: which of the five ways that the embedded models were trained on it is, or comes nearest to.
        text: the same in words, for models that follow instructions.
    """

    kind: Kind
    text: str


DIRECT = Instruction(
    "direct", "Answer the question from the passages. Write the answer only, in as few words as possible."
)
THINK = Instruction(
    "think",
    "Answer the question from the passages. Think step by step, then end with a line that reads `answer:` followed by "
    "the answer only.",
)


@dataclass(frozen=True, slots=True)
class Task:
    """A question with what is needed to answer it.

    Attributes:
        instruction: how it is to be answered.
        question: the question's text.
        passages: texts to answer it from; may be empty.
        proposed: an answer that somebody gave before, to be judged or improved; empty where there is none.
        examples: solved examples, as pairs of question and answer, shown before the question.
        turns: what was said after the question so far.
    """

    instruction: Instruction
    question: str
    passages: tuple[str, ...] = ()
    proposed: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    turns: tuple[Message, ...] = ()


def chat(task: Task) -> tuple[Message, ...]:
    """A task as chat messages, for models that follow instructions."""
    passages = "\n\n".join(f"[{place}] {text}" for place, text in enumerate(task.passages, 1))
    parts = [f"Passages:\n{passages}" if passages else "", f"Question: {task.question}"]
    parts.append(f"Proposed answer: {task.proposed}" if task.proposed else "")
    shown = [
        message
        for question, answer in task.examples
        for message in (Message("user", f"Question: {question}"), Message("assistant", answer))
    ]
    asked = Message("user", "\n\n".join(filter(None, parts)))
    return (Message("system", task.instruction.text), *shown, asked, *task.turns)
