"""An exact check of number puzzles such as the Game of 24 (Yao et al. 2023, "Tree of Thoughts")."""

from __future__ import annotations

import re
from typing import ClassVar

from pydantic import Field

from tradespace.components.processes import Rounds
from tradespace.components.strategies.base import Asker
from tradespace.components.strategies.candidates import Candidate
from tradespace.components.strategies.solver import RejectedError, value
from tradespace.components.strategies.verifiers.base import Verifier
from tradespace.types import Request


class Target(Verifier):
    """1 where the answer is an expression that comes to `number` and uses each number of the question once, else 0."""

    name: ClassVar[str] = "target"

    number: int = Field(default=24, ge=-1_000_000, le=1_000_000, description="what the expression must come to")

    def verify(self, asker: Asker, request: Request, candidate: Candidate) -> Rounds[float]:
        return float(reaches(candidate.answer, request.question, self.number))
        yield ()


def reaches(expression: str, question: str, number: int) -> bool:
    """Whether an expression of the question's numbers, each used once, comes to a number; `= 24` may follow it.

    >>> reaches("(10 - 4) * (6 - 2) = 24", "2 4 6 10", 24), reaches("6 * 4", "2 4 6 10", 24)
    (True, False)
    """
    left, _, right = expression.partition("=")
    try:
        return _numbers(left) == _numbers(question) and value(left) == number == value(right or left)
    except RejectedError:
        return False


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:\.\d+)?", text))
