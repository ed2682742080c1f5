"""Worked solutions: what a reader that sees only some documents should write, in each way it can be called."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, get_args

from tradespace.data.microworld.questions import MicroQuestion, Term, walk
from tradespace.data.microworld.world import World

Mode = Literal["direct", "think", "calculate", "ask", "judge"]
MODES: tuple[Mode, ...] = get_args(Mode)
UNKNOWN_ANSWER = "unknown"
ANSWER_MARKER = "answer:"


@dataclass(frozen=True, slots=True)
class Solution:
    """A chain of looked-up facts, the working that follows them, and what they lead to.

    `expression` is what a calculator should compute (the answer itself where nothing is to be computed), `missing`
    the sub-question whose answer no visible document holds ("none" where nothing is missing).
    """

    lookups: tuple[str, ...]
    working: str
    answer: str
    expression: str
    missing: str

    def written(self, mode: Mode, proposed: str = "") -> str:
        """Return the text that answers in a mode; `proposed` is the answer to be judged, for mode "judge"."""
        if mode == "direct":
            return self.answer
        facts = " ".join(self.lookups)
        worked = f"{facts} {self.working}".strip()
        follows = "yes" if proposed == self.answer != UNKNOWN_ANSWER else "no"
        return {
            "think": f"{worked} {ANSWER_MARKER} {self.answer}",
            "calculate": f"{facts} {ANSWER_MARKER} {self.expression}",
            "ask": f"{facts} {ANSWER_MARKER} {self.missing}",
            "judge": f"{worked} {ANSWER_MARKER} {follows}",
        }[mode]


def solve_question(world: World, question: MicroQuestion, visible: Collection[int]) -> Solution:
    """Solve a question from the documents of the `visible` entities alone."""
    lookups: list[str] = []
    values: list[str] = []
    for term in question.terms:
        value, missing = _follow(world, term, visible, lookups, question)
        if missing:
            return Solution(tuple(lookups), "", UNKNOWN_ANSWER, UNKNOWN_ANSWER, missing)
        values.append(value)
    working, expression = _worked(question, values)
    return Solution(tuple(lookups), working, question.question.answers[0], expression, "none")


def _follow(
    world: World, term: Term, visible: Collection[int], lookups: list[str], question: MicroQuestion
) -> tuple[str, str]:
    """Append the sentences of one term; return its value and, where a document is missing, the sub-question."""
    value = ""
    for entity, noun, value in walk(world, term):
        name = world.name(entity)
        if entity not in visible:
            lookups.append(f"{noun} of {name} is {UNKNOWN_ANSWER}.")
            return "", f"what is the {noun} of {name}?"
        flag = f": {int(value == question.value)}" if question.type == "count" else ""
        lookups.append(f"{noun} of {name} is {value}{flag}.")
    return value, ""


def _worked(question: MicroQuestion, values: list[str]) -> tuple[str, str]:
    """Return the working in words and the expression for a calculator."""
    if question.type == "sum":
        return addition(int(values[0]), int(values[1])), " + ".join(values)
    if question.type == "difference":
        larger, smaller = sorted(map(int, values), reverse=True)
        return subtraction(larger, smaller), f"{larger} - {smaller}"
    if question.type == "count":
        return "", " + ".join(str(int(value == question.value)) for value in values)
    if question.type == "comparison":
        return f"{values[0]} {'<' if int(values[0]) < int(values[1]) else '>'} {values[1]}.", question.question.answers[
            0
        ]
    if question.type == "superlative":
        return f"most is {max(values)}.", question.question.answers[0]
    return "", question.question.answers[0]


def addition(first: int, second: int) -> str:
    """Return the sum of two two-digit numbers worked digit by digit, the carry written out."""
    units = first % 10 + second % 10
    tens = first // 10 + second // 10 + units // 10
    return (
        f"{first} + {second}: {first % 10} + {second % 10} = {units:02d}, "
        f"{first // 10} + {second // 10} + {units // 10} = {tens:02d}."
    )


def subtraction(larger: int, smaller: int) -> str:
    """Return the difference of two two-digit numbers worked digit by digit, the borrowed ten written out."""
    borrow = int(larger % 10 < smaller % 10)
    units = larger % 10 + 10 * borrow - smaller % 10
    tens = larger // 10 - borrow - smaller // 10
    return (
        f"{larger} - {smaller}: {larger % 10 + 10 * borrow:02d} - {smaller % 10} = {units}, "
        f"{larger // 10} - {borrow} - {smaller // 10} = {tens}."
    )
