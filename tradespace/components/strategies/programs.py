"""Programs that a model wrote: finding them in completions, and running them as calls of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Annotated, ClassVar

from pydantic import Field

from tradespace.components.answers import extract
from tradespace.components.answers.base import after_marker
from tradespace.components.answers.code import program
from tradespace.components.base import Call, Component, Operator
from tradespace.components.checked import OutcomeKind
from tradespace.components.corpus import Corpus
from tradespace.components.roles import Role
from tradespace.components.sandbox import Limits, ProgramFailed, ProgramFinished, Sandbox
from tradespace.components.strategies.candidates import Candidate
from tradespace.components.trust import Trust
from tradespace.types import Program, ProgramRun

Isolated = Annotated[
    bool,
    Field(
        description="whether programs run in the sandbox; `false` takes effect only with --allow-unsandboxed on the "
        "command line"
    ),
]


class ProgramRunner(Component):
    """Runs programs in the sandbox, and says what they printed, or why they did not run to their end."""

    role: ClassVar[Role] = Role.GENERATE
    name: ClassVar[str] = "program_runner"

    seconds: float = Field(default=5.0, ge=0.1, le=60, description="after which a program is killed")
    isolated: Isolated = True

    @property
    def needs(self) -> frozenset[Trust]:
        return super().needs | (set() if self.isolated else {Trust.UNSANDBOXED})

    @property
    def returns(self) -> OutcomeKind:
        return ProgramRun

    def open(self, corpus: Corpus) -> Operator:
        sandbox = _sandbox(self.seconds, self.isolated)

        def operate(programs: Sequence[Program]) -> list[ProgramRun]:
            return [_reported(result) for result in sandbox.run(programs)]

        return operate

    def call(self, code: str, stdin: str = "") -> Call:
        """The call that runs a program."""
        return Call(self, Program(code, stdin))


@cache
def _sandbox(seconds: float, isolated: bool) -> Sandbox:
    """Kept open: it takes a second to start, and ends with this process."""
    return Sandbox(Limits(seconds=seconds), isolated=isolated)


def _reported(result: ProgramFinished | ProgramFailed) -> ProgramRun:
    if isinstance(result, ProgramFinished):
        return ProgramRun(result.output.strip(), finished=True)
    return ProgramRun(result.reason, finished=False)


def program_in(candidate: Candidate, question: str = "", form: str = "") -> str:
    """The program of a completion: a fenced block, or one that prints the expression after `answer:`.

    Where the form of answers is `code`, it is the answer, or what the question begins and the answer goes on with.
    Empty where there is none; the candidate's answer then stands for itself.
    """
    if form == "code":
        return program(question, candidate.answer)
    text = candidate.completion.text
    if "```" in text or "print(" in text:
        return extract(text, "code")
    expression = extract(text, "expression") if after_marker(text) is not None else ""
    return f"print({expression})" if expression else ""
