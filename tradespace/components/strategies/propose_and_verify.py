"""Propose and verify: a model proposes, a symbolic solver deduces or rejects (AlphaGeometry, Trinh et al. 2024).

The model writes steps or expressions, sympy works them out exactly, and what it says is handed back to the model, until
a proposal stands or the deadline is reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from tradespace.components.answers import extract
from tradespace.components.answers.base import after_marker
from tradespace.components.base import Process
from tradespace.components.processes import Rounds, side_by_side
from tradespace.components.prompts.tasks import SOLVE
from tradespace.components.strategies.algebra import Ballot, loop, sample, vote
from tradespace.components.strategies.base import Drawing, ModelCaller, Strategy
from tradespace.components.strategies.candidates import Temperature
from tradespace.components.strategies.direct import Direct
from tradespace.components.strategies.solver import RejectedError, false_equations, solve, value
from tradespace.types import Message, Request

STEP = "calculate:"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of proof: what was said between model and solver, and what it comes to; empty while it is open."""

    number: int
    turns: tuple[Message, ...] = ()
    answer: str = ""


class ProposeAndVerify(Strategy):
    """`beam` lines of proof in parallel, at most `depth` proposals each; ends in the round that solves any of them.

    A proposal is an answer, which stands if it is an expression that has a value or words that the passages hold, and
    if no equation before it is false; or a step, which the solver works out. Lines that were solved in the same round
    vote, and their share of the beam is the confidence. With nothing solved in time the greedy direct answer is given.
    """

    name: ClassVar[str] = "propose_and_verify"
    in_words: ClassVar[str] = "by {beam} lines of proposals that a solver verifies"

    beam: int = Field(default=4, ge=1, le=64, description="lines of proof pursued in parallel")
    depth: int = Field(default=3, ge=1, le=32, description="proposals on each line before time is up")
    temperature: Temperature = 0.8

    def run(self, model_caller: ModelCaller, request: Request) -> Process:
        def advanced(line: Line) -> Rounds[Line]:
            sampled = Drawing(self.temperature, sample=line.number)
            (proposal,) = yield from sample(lambda _: model_caller.call(SOLVE, request, sampled, turns=line.turns), 1)
            return verified(line, proposal.text, request, self.beam)

        def turn(lines: list[Line]) -> Rounds[list[Line]]:
            return side_by_side([advanced(line) for line in lines])

        lines = [Line(number) for number in range(self.beam)]
        lines = yield from loop(
            lines, turn, until=lambda lines: any(line.answer for line in lines), deadline=self.depth
        )
        answer = vote([Ballot(line.answer) for line in lines], model_caller.form)
        return answer if answer.text else (yield from Direct().run(model_caller, request))


def verified(line: Line, proposal: str, request: Request, beam: int) -> Line:
    """The line with the solver's verdict on one more proposal: solved, or told what follows or what is wrong.

    The next proposal is drawn under a number of its own, so that models that cannot read what they are told do not
    repeat themselves.
    """
    try:
        answer, reply = judged(proposal, request)
    except RejectedError as error:
        answer, reply = "", f"rejected: {error}"
    turns = (*line.turns, Message("assistant", proposal), Message("user", reply))
    return Line(line.number + beam, turns, answer)


def judged(proposal: str, request: Request) -> tuple[str, str]:
    """What the solver makes of a proposal: (the answer, if it is one; what to tell the model).

    Raises:
        RejectedError: nothing follows from it.
    """
    if wrong := false_equations(proposal):
        raise RejectedError(f"this is false: {'; '.join(wrong)}")
    if after_marker(proposal) is not None:
        return settled(extract(proposal, "span"), request), ""
    _, marker, step = proposal.rpartition(STEP)
    if not marker:
        raise RejectedError(f"propose a step with `{STEP}`, or the answer with `answer:`")
    return "", f"the solver finds: {solve(step.strip().splitlines()[0] if step.strip() else '')}"


def settled(answer: str, request: Request) -> str:
    """An answer that stands: the value of an expression, or words that a passage holds.

    Raises:
        RejectedError: it is neither.
    """
    if any(answer.casefold() in passage.text.casefold() for passage in request.passages):
        return answer
    return value(answer)
