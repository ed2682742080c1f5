"""How a model is called to make one answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from tradespace.components.base import Component, Role


class Strategy(Component, ABC):
    """One way to call a language model.

    Class attributes:
        mode: how the model is asked to answer, see `Prompt`.
    """

    role: ClassVar[Role] = Role.STRATEGY
    mode: ClassVar[str]

    @abstractmethod
    def answer(self, text: str) -> str:
        """The answer within the text that the model wrote; empty where there is none."""
