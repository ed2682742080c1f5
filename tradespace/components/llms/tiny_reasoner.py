"""Tiny language models that come with Tradespace: they read and reason about `microworld`, and about nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field

from tradespace.addresses import file_digest
from tradespace.components.base import Operator
from tradespace.components.calls.replies import heard
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import Draw, LanguageModel, in_groups
from tradespace.components.llms.chat_messages import as_chat
from tradespace.components.llms.engine import Generation, LlamaEngine, Sampling
from tradespace.components.prompts.base import PromptTemplate
from tradespace.components.prompts.standard import STANDARD
from tradespace.components.prompts.tasks import Task
from tradespace.types import Completion, Message, Prompt

WEIGHTS = Path(__file__).parent.parent / "weights"


class TinyReasoner(LanguageModel):
    """A Llama trained from scratch by `training/reasoner`; a larger one answers better and is slower."""

    name: ClassVar[str] = "tiny_reasoner"
    in_words: ClassVar[str] = "the {size} tiny reasoner"

    size: Literal["small", "medium", "large"] = Field(default="medium", description="which of the models")

    @property
    def follows_instructions(self) -> bool:
        return False

    @property
    def weights_checksum(self) -> str:
        return _checksum(self.size)

    @property
    def batch_size(self) -> int:
        return 32  # each prompt is read alone: more together save nothing, and a kill loses them

    def open(self, corpus: Corpus) -> Operator:
        engine = _loaded(self.size)

        def draw(prompt: Prompt, count: int) -> Sequence[Draw]:
            text = engine.prompt(as_chat(prompt.messages))
            sampling = Sampling(
                count, prompt.temperature, prompt.top_p, prompt.max_tokens, prompt.stop, prompt.seed, prompt.sample
            )
            (drawn,) = engine.generate([text], sampling)
            return [heard(prompt, _completion(generation)) for generation in drawn]

        return in_groups(draw)

    def messages(self, task: Task, prompt: PromptTemplate = STANDARD) -> tuple[Message, ...]:
        """The chat that a tiny reasoner was trained on: the kind of task, then passages and question.

        Of a prompt, only the order of its passages is seen. Examples and later turns are left out: it was never shown
        any.

        >>> from tradespace.components.prompts.tasks import DIRECT
        >>> from tradespace.types import Passage
        >>> TinyReasoner().messages(Task(DIRECT, "who ?", (Passage("1", "1", "a is b ."),)))[1].content
        '* a is b . question: who ?'
        """
        shown = "".join(f"* {passage.text} " for passage in task.passages)
        proposed = f" proposed: {task.proposed}" if task.proposed else ""
        return (
            Message("system", task.instruction.kind),
            Message("user", f"{shown}question: {task.question}{proposed}"),
        )


def _completion(drawn: Generation) -> Completion:
    score = sum(drawn.log_probabilities)
    return Completion(drawn.text, drawn.tokens_in, drawn.tokens_out, drawn.finish_reason, score)


@cache
def _checksum(size: str) -> str:
    """Of the manifest, which names the checksums of the weights and of all that they are read with."""
    return file_digest(_folder(size) / "manifest.json")


def _folder(size: str) -> Path:
    return WEIGHTS / f"tiny-reasoner-{size}"


@cache
def _loaded(size: str) -> LlamaEngine:
    return LlamaEngine(_folder(size))
