"""Tiny language models that come with Tradespace: they read and reason about `microworld`, and about nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from tradespace.components.llms.base import LanguageModel, Prompt, Writer
from tradespace.components.llms.engine import Engine, Generation, Sampling

WEIGHTS = Path(__file__).parent.parent / "weights"


class TinyReasoner(LanguageModel):
    """A Llama trained from scratch by `training/reasoner`; a larger one answers better and is slower."""

    name: ClassVar[str] = "tiny_reasoner"

    size: Literal["small", "medium", "large"] = Field(default="medium", description="which of the models")

    def load(self) -> Writer:
        return _loaded(self.size)


class TinyWriter:
    """A loaded model with the form of prompt that it was trained on."""

    def __init__(self, folder: Path) -> None:
        self._engine = Engine(folder)

    def write(self, prompts: Sequence[Prompt], sampling: Sampling) -> list[list[Generation]]:
        """Draw texts for each prompt."""
        return self._engine.generate([self._engine.prompt(messages(prompt)) for prompt in prompts], sampling)


def messages(prompt: Prompt) -> list[dict[str, str]]:
    """The chat that a tiny reasoner was trained on: the mode, then passages and question.

    >>> messages(Prompt("who ?", ("a is b .",), "direct"))[1]["content"]
    '* a is b . question: who ?'
    """
    shown = "".join(f"* {passage} " for passage in prompt.passages)
    return [
        {"role": "system", "content": prompt.mode},
        {"role": "user", "content": f"{shown}question: {prompt.question}"},
    ]


@cache
def _loaded(size: str) -> TinyWriter:
    return TinyWriter(WEIGHTS / f"tiny-reasoner-{size}")
