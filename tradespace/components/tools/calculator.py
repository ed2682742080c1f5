"""A calculator: exact arithmetic and linear equations, by the solver of `propose_and_verify`."""

from __future__ import annotations

from typing import ClassVar

from tradespace.components.strategies.solver import solve
from tradespace.components.tools.base import ComputedTool


class Calculator(ComputedTool):
    """Works out an expression of numbers, or linear equations with commas between them. It runs no code."""

    name: ClassVar[str] = "calculator"
    meaning: ClassVar[str] = (
        "works out arithmetic, such as 3 * (4 + 10), or linear equations, such as x + y = 10, x - y = 4"
    )
    parameter: ClassVar[str] = "expression"

    def result(self, text: str) -> str:
        return solve(text)
