"""Program of thought: the model writes a program, and the computer runs it (Chen et al. 2022; PAL, Gao et al. 2022)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.answers import extract
from tradespace.components.base import Process, program_run_of
from tradespace.components.prompts.tasks import PROGRAM
from tradespace.components.strategies.algebra import Ballot, vote
from tradespace.components.strategies.answers import is_known
from tradespace.components.strategies.base import ModelCaller, Strategy
from tradespace.components.strategies.candidates import Samples, Temperature, draw
from tradespace.components.strategies.programs import Isolated, ProgramRunner, program_in
from tradespace.components.trust import Trust
from tradespace.types import Request


class ProgramOfThought(Strategy):
    """k programs in parallel, then all distinct ones run in parallel; the most frequent output is the answer.

    A program that fails abstains. A model that writes an expression, or the answer itself, instead of a program is
    taken at its word. With `k` 1 and `temperature` 0 there is one greedy program.
    """

    name: ClassVar[str] = "program_of_thought"
    in_words: ClassVar[str] = "by a vote of {k} programs"

    k: Samples = 8
    temperature: Temperature = 0.8
    seconds: float = Field(default=5.0, ge=0.1, le=60, description="after which a program is killed")
    isolated: Isolated = True

    @property
    def needs(self) -> frozenset[Trust]:
        return super().needs | self._runner.needs

    def run(self, model_caller: ModelCaller, request: Request) -> Process:
        drawn = yield from draw(model_caller, PROGRAM, request, self.temperature, k=self.k)
        programs = [program_in(candidate) for candidate in drawn]
        distinct = list(dict.fromkeys(filter(None, programs)))
        outcomes = (yield [self._runner.call(code) for code in distinct]) if distinct else ()
        printed = {code: program_run_of(outcome) for code, outcome in zip(distinct, outcomes, strict=True)}
        answers = [
            (extract(printed[code].output, model_caller.form) if printed[code].finished else "")
            if code
            else candidate.answer
            for code, candidate in zip(programs, drawn, strict=True)
        ]
        return vote([Ballot(answer if is_known(answer) else "") for answer in answers], model_caller.form)

    @property
    def _runner(self) -> ProgramRunner:
        return ProgramRunner(seconds=self.seconds, isolated=self.isolated)
