"""What a tool is: given a text, it finds or works out something that a language model is then told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tradespace.components.base import Call, Component, Operator, program_run_of
from tradespace.components.checked import OutcomeKind
from tradespace.components.corpus import Corpus
from tradespace.components.processes import Rounds
from tradespace.components.roles import Role
from tradespace.types import FOREIGN_PREFIX, Passage, Program, ProgramRun, ToolDeclaration


@dataclass(frozen=True, slots=True)
class Observation:
    """What came of using a tool.

    Attributes:
        text: what the model is told.
        passages: what of it a question can be answered from; none where the tool found nothing, or failed.
    """

    text: str
    passages: tuple[Passage, ...] = ()


class Tool(Component, ABC):
    """Something that an agent can use while it answers. It is given one text, and makes calls as a strategy does.

    Class attributes:
        meaning: what it is good for, and what its text must be, as the model is told.
        parameter: what the text is called.
    """

    role: ClassVar[Role] = Role.TOOL
    meaning: ClassVar[str]
    parameter: ClassVar[str]

    @property
    def declaration(self) -> ToolDeclaration:
        """The tool as a model is told of it."""
        return ToolDeclaration(self.name, self.meaning, self.parameter)

    @abstractmethod
    def use(self, text: str) -> Rounds[Observation]:
        """Use it on any text that a model may write. What is wrong with the text is observed, and never raised."""


class ComputedTool(Tool):
    """A tool that works its text out by itself; each use is one call, which is recorded.

    >>> class Reverse(ComputedTool):
    ...     name = "reverse"
    ...     meaning = "Reads a text backwards."
    ...     parameter = "text"
    ...
    ...     def result(self, text):
    ...         return text[::-1]
    >>> Reverse().open(corpus=None)([Program("abc")])
    [ProgramRun(output='cba', finished=True)]
    """

    @property
    def returns(self) -> OutcomeKind:
        return ProgramRun

    @abstractmethod
    def result(self, text: str) -> str:
        """What the text comes to; the same whenever it is asked.

        Raises:
            ValueError: it comes to nothing; the message tells the model why.
        """

    def open(self, corpus: Corpus) -> Operator:
        def operate(programs: Sequence[Program]) -> list[ProgramRun]:
            return [self._run(program.code) for program in programs]

        return operate

    def use(self, text: str) -> Rounds[Observation]:
        (outcome,) = yield (Call(self, Program(text)),)
        return observed_run(self, text, program_run_of(outcome))

    def _run(self, text: str) -> ProgramRun:
        try:
            return ProgramRun(self.result(text), finished=True)
        except ValueError as error:
            return ProgramRun(str(error), finished=False)


def observed_run(tool: Tool, text: str, run: ProgramRun, shown: int = 2000) -> Observation:
    """What a run printed, up to a number of characters; or why it came to nothing."""
    output = run.output[:shown] + ("…" if len(run.output) > shown else "")
    if not run.finished or not output.strip():
        return Observation(f"failed: {output}" if output.strip() else "nothing came of it")
    place = f"{FOREIGN_PREFIX}{tool.name}"
    return Observation(output, (Passage(f"{place}: {text}", place, f"{text}\n= {output}"),))
