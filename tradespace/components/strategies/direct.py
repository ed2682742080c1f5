"""Direct answers: one call, whose text is the answer."""

from __future__ import annotations

from typing import ClassVar

from tradespace.components.strategies.base import Strategy


class Direct(Strategy):
    """The model answers at once. The baseline that every other strategy must beat."""

    name: ClassVar[str] = "direct"
    mode: ClassVar[str] = "direct"

    def answer(self, text: str) -> str:
        return text.strip()
