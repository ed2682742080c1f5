"""Language models that follow instructions, or that were trained as the embedded ones were."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from tradespace.components.llms.base import LanguageModel
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.prompts.base import PromptTemplate
from tradespace.components.prompts.standard import STANDARD
from tradespace.components.prompts.tasks import Task
from tradespace.types import Message


class InstructedModel(LanguageModel):
    """A model that the user names. Its calls are keyed by the messages that it is given, not by who wrote them."""

    unkeyed: ClassVar[frozenset[str]] = frozenset({"format"})

    format: Literal["chat", "tiny_reasoner"] = Field(
        default="chat",
        description="how tasks are written: `chat` for models that follow instructions, `tiny_reasoner` for those that "
        "come with Tradespace, wherever they are served",
    )

    @property
    def follows_instructions(self) -> bool:
        return self.format == "chat"

    def messages(self, task: Task, prompt: PromptTemplate = STANDARD) -> tuple[Message, ...]:
        if self.format == "tiny_reasoner":
            return TinyReasoner().messages(task, prompt)
        return super().messages(task, prompt)
