"""An exact check of the working: every equation that a chain of thought states must hold."""

from __future__ import annotations

from typing import ClassVar

from tradespace.components.processes import Rounds
from tradespace.components.strategies.base import ModelCaller
from tradespace.components.strategies.candidates import Candidate
from tradespace.components.strategies.solver import false_equations
from tradespace.components.strategies.verifiers.base import Verifier
from tradespace.types import Request


class Arithmetic(Verifier):
    """1 where no equation in the completion is false, else 0. No calls: the solver checks."""

    name: ClassVar[str] = "arithmetic"

    def verify(self, model_caller: ModelCaller, request: Request, candidate: Candidate) -> Rounds[float]:
        return float(not false_equations(candidate.completion.text))
        yield ()
