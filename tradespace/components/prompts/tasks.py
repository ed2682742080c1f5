"""What a model is asked to do, apart from how that is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from tradespace.types import Message, Passage

TaskKind = Literal["direct", "think", "calculate", "ask", "judge"]
Aim = Literal["answer", "computation", "search", "help"]
AS_FEW_WORDS_AS_POSSIBLE = "in as few words as possible"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One way of being asked.

    Attributes:
        kind: which of the five ways that the embedded models were trained on it is, or comes nearest to.
        goal: what is wanted, in words, for models that follow instructions.
        manner: how to come to it and how to mark it, which whoever asks relies on.
        may_be_empty: whether there may be nothing to write.
        aim: what is asked for: the answer itself; a computation that it comes from; what to search for, or to make of
            what was found; or help on the way, such as notes and judgements. A prompt's own instruction takes the place
            of the goal, but for help.
    """

    kind: TaskKind
    goal: str
    manner: str = ""
    may_be_empty: bool = False
    aim: Aim = "help"

    @property
    def text(self) -> str:
        """Goal and manner."""
        return " ".join(filter(None, (self.goal, self.manner)))


DIRECT = Instruction(
    "direct",
    "Answer the question from the passages.",
    f"Write the answer only, {AS_FEW_WORDS_AS_POSSIBLE}.",
    aim="answer",
)
THINK = Instruction(
    "think",
    "Answer the question from the passages.",
    "Think step by step, then end with a line that reads `answer:` followed by the answer only.",
    aim="answer",
)
SOLVE = Instruction(
    "calculate",
    "Answer the question from the passages, one step at a time, together with a symbolic solver.",
    "Propose a step on a line that reads `calculate:` followed by an arithmetic expression, or by linear equations "
    "with commas between them; the solver replies with what follows. Once the answer is known, write a line that reads "
    "`answer:` followed by the answer, or by an expression that comes to it.",
    aim="computation",
)
PROGRAM = Instruction(
    "calculate",
    "",
    "Write a Python program, in a block that starts with ```python and ends with ```, that prints the answer to the "
    "question, and nothing else. Use the standard library alone, and the passages for facts.",
    aim="computation",
)
INPUTS = Instruction(
    "ask",
    "Write inputs on which a program that solves the task can be tried out, ordinary and unusual ones: one to a "
    "line, as the program would read it from standard input. Write nothing else.",
    may_be_empty=True,
)
JUDGE = Instruction(
    "judge",
    "Is the proposed answer to the question right, as far as the passages tell? Think step by step, then end with a "
    "line that reads `answer: yes` or `answer: no`.",
)
CRITICISE = Instruction(
    "judge",
    "Look for mistakes in the proposed answer to the question: check every fact against the passages and every "
    "step. Say what is wrong, then end with a line that reads `answer: yes` if the proposed answer is right, or "
    "else `answer: no`.",
)
SEARCH = Instruction(
    "ask",
    "What must still be looked up to answer the question, beyond what the passages tell?",
    "Think step by step, then end with a line that reads `answer:` followed by one short question to search for, or by "
    "`none` if nothing is missing.",
    aim="search",
)
REWORD = Instruction(
    "ask",
    "Word the question anew, so that a search engine finds passages that the old wording misses.",
    "End with a line that reads `answer:` followed by the new wording only.",
    aim="search",
)
DECOMPOSE = Instruction(
    "ask",
    "Which simpler questions must be answered first, to answer the question?",
    "End with a line that reads `answer:` followed by these questions, with `;` between them.",
    aim="search",
)
STEP_BACK = Instruction(
    "ask",
    "What more general question should be looked up first, to answer this one from its answer?",
    "End with a line that reads `answer:` followed by the more general question only.",
    aim="search",
)
SUPPOSE = Instruction(
    "think",
    "Write a short passage, as it might stand in an encyclopedia, that answers the question.",
    "Where you do not know, make the facts up.",
    aim="search",
)
NOTE = Instruction(
    "think",
    "Write down, in short sentences, every fact of the passage that helps to answer the question. Leave out all else.",
    may_be_empty=True,
)
SHORTEN = replace(NOTE, aim="search")
"""Notes for their own sake, written as those on the way are."""
REVISE = Instruction(
    "think",
    "An answer to the question was found in other passages. If the passage shows it to be wrong or incomplete, mend "
    "it; otherwise keep it.",
    THINK.manner,
)


@dataclass(frozen=True, slots=True)
class Task:
    """A question with what is needed to answer it.

    Attributes:
        instruction: how it is to be answered.
        question: the question's text.
        passages: what to answer it from, in the order in which they are shown; may be empty.
        proposed: an answer that somebody gave before, to be judged or improved; empty where there is none.
        examples: solved examples, as pairs of question and answer, shown before the question.
        turns: what was said after the question so far.
    """

    instruction: Instruction
    question: str
    passages: tuple[Passage, ...] = ()
    proposed: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    turns: tuple[Message, ...] = ()
