"""An exact check of number puzzles such as the Game of 24 (Yao et al. 2023, "Tree of Thoughts")."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from tradespace.components.answers import extract
from tradespace.components.answers.expression import exact_value, numbers_in
from tradespace.components.processes import Rounds
from tradespace.components.strategies.base import ModelCaller
from tradespace.components.strategies.candidates import Candidate
from tradespace.components.strategies.verifiers.base import Verifier
from tradespace.types import Request


class Target(Verifier):
    """1 where the completion ends in an expression of the question's numbers, each used once, that equals `number`.

    All else has 0.
    """

    name: ClassVar[str] = "target"

    number: int = Field(default=24, ge=-1_000_000, le=1_000_000, description="what the expression must equal")

    def verify(self, model_caller: ModelCaller, request: Request, candidate: Candidate) -> Rounds[float]:
        return float(reaches(extract(candidate.completion.text, "expression"), request.question, self.number))
        yield ()


def reaches(expression: str, question: str, number: int) -> bool:
    """Whether an expression is made of the question's numbers, each used once, and comes to a number.

    >>> reaches("(10 - 4) * (6 - 2)", "2 4 6 10", 24), reaches("6 * 4", "2 4 6 10", 24)
    (True, False)
    """
    numbers = sorted(map(Fraction, re.findall(r"\d+(?:\.\d+)?", question)))
    return numbers_in(expression) == numbers and exact_value(expression) == number
