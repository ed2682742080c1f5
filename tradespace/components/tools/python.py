"""Python in the sandbox: the model writes a program, and reads what it prints (PAL, Gao et al. 2022)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.answers import extract
from tradespace.components.base import program_run_of
from tradespace.components.processes import Rounds
from tradespace.components.strategies.programs import Isolated, ProgramRunner
from tradespace.components.tools.base import Observation, Tool, observed_run
from tradespace.components.trust import Trust


class Python(Tool):
    """Runs a program, with or without a fence around it. Runs are shared with strategies that run programs."""

    name: ClassVar[str] = "python"
    meaning: ClassVar[str] = "runs a Python program, standard library alone, and tells what it prints"
    parameter: ClassVar[str] = "code"

    seconds: float = Field(default=5.0, ge=0.1, le=60, description="after which a program is killed")
    isolated: Isolated = True
    characters: int = Field(default=2000, ge=1, le=65536, description="how much of what it prints the model is shown")

    @property
    def needs(self) -> frozenset[Trust]:
        return super().needs | self._runner.needs

    def use(self, text: str) -> Rounds[Observation]:
        code = extract(text, "code")
        (outcome,) = yield (self._runner.call(code),)
        return observed_run(self, code, program_run_of(outcome), self.characters)

    @property
    def _runner(self) -> ProgramRunner:
        return ProgramRunner(seconds=self.seconds, isolated=self.isolated)
