"""Runs of programs that a model wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

from tradespace.components.calls.base import CallKind, StandIn
from tradespace.components.corpus import Corpus
from tradespace.components.sound import sound_text
from tradespace.types import Program, ProgramRun


class ProgramRunCall(CallKind):
    """A program is given, and what it printed comes back.

    In a ledger it is addressed as a question with one passage, and stored as an answer that has score 1 where the
    program ran to its end: so the first runs were written down, and they are still found.
    """

    given: ClassVar[type[Any]] = Program
    outcome: ClassVar[type[Any]] = ProgramRun
    expected: ClassVar[str] = "a ProgramRun"
    mark: ClassVar[str] = "answer"

    def address(self, given: Program) -> list[str]:
        return [given.code, *(("input", given.input) if given.input else ())]

    def texts(self, given: Program) -> Sequence[str]:
        return [given.code, given.input]

    def checked(self, component: object, outcome: ProgramRun) -> ProgramRun:
        return replace(outcome, output=sound_text(component, "a program's output", outcome.output))

    def written(self, outcome: ProgramRun, corpus: Corpus) -> list[Any]:
        return [outcome.output, float(outcome.finished), None, None, None]

    def read(self, values: Sequence[Any], corpus: Corpus) -> ProgramRun:
        output, score, *_ = values
        return ProgramRun(output, score > 0)

    def stand_in(self, source: StandIn, given: Program) -> ProgramRun:
        return ProgramRun("", True)
