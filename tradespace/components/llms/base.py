"""What a language model is here: chat messages in, sampled texts out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from tradespace.components.base import Component, Role
from tradespace.components.llms.engine import Generation, Sampling


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked, apart from how it wants that written.

    `mode` says how to answer: "direct", or "think" to reason step by step first.
    """

    question: str
    passages: tuple[str, ...]
    mode: str


class Writer(Protocol):
    """A loaded language model."""

    def write(self, prompts: Sequence[Prompt], sampling: Sampling) -> list[list[Generation]]:
        """Draw `sampling.samples` texts for each prompt, in order."""


class LanguageModel(Component, ABC):
    """A language model that strategies call."""

    role: ClassVar[Role] = Role.LLM

    @abstractmethod
    def load(self) -> Writer:
        """Load the model; once per process.

        Raises:
            ComponentError: it cannot be loaded.
        """
