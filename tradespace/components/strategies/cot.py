"""Chain of thought: the model reasons step by step before it answers (Wei et al. 2022)."""

from __future__ import annotations

from typing import ClassVar

from tradespace.components.strategies.base import Strategy

ANSWER = "answer:"


class ChainOfThought(Strategy):
    """One call; the answer is what follows the last `answer:`. A chain that was cut off before it has no answer."""

    name: ClassVar[str] = "cot"
    mode: ClassVar[str] = "think"

    def answer(self, text: str) -> str:
        _, found, after = text.rpartition(ANSWER)
        return after.strip() if found else ""
