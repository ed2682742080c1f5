"""What all examples have in common: how many are shown, and which."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

from pydantic import Field

from tradespace.components.base import Component
from tradespace.components.embedders.base import Embedder
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.processes import Rounds
from tradespace.components.roles import Role

ExamplePairs = tuple[tuple[str, str], ...]
"""Solved examples, as pairs of question and answer."""


class Examples(Component, ABC):
    """Solved examples, of which some are shown before a question. The question itself is never one of them."""

    role: ClassVar[Role] = Role.EXAMPLES

    shots: int = Field(default=4, ge=0, le=64, description="how many are shown, at most")
    choose: Literal["first", "nearest"] = Field(
        default="first",
        description="which are shown: the first, or those whose questions are nearest to the one that is asked; the "
        "nearest is shown last",
    )
    embedder: Embedder = Field(default=Minilm(), description="what tells how near two questions are")

    @abstractmethod
    def shown(self, question: str) -> Rounds[ExamplePairs]:
        """The examples that are shown before a question, in order.

        Raises:
            ComponentError: they are not known yet.
        """
