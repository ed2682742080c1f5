"""A language model that says what it was told to say: to count calls and rounds by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Operator
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.components.prompts.base import PromptTemplate
from tradespace.components.prompts.standard import STANDARD
from tradespace.components.prompts.tasks import Task
from tradespace.types import Completion, Failure, Message, Prompt


class Scripted(LanguageModel):
    """Each way of being asked has its replies. Sample n of a prompt gets reply n, and each turn so far counts as one.

    The last reply stands for all that would come after it; a way of being asked that is not in the script has empty
    replies. A prompt that holds the text `fail_on` fails.
    """

    name: ClassVar[str] = "scripted"

    script: Mapping[str, tuple[str, ...]] = Field(default_factory=dict, description="replies, by kind of instruction")
    fail_on: str = Field(default="", description="text whose prompts fail; none if empty")

    def messages(self, task: Task, prompt: PromptTemplate = STANDARD) -> tuple[Message, ...]:
        written = [message for message in prompt.messages(task) if message.role != "system"]
        return (Message("system", task.instruction.kind), *written)

    def open(self, corpus: Corpus) -> Operator:
        def reply(prompt: Prompt) -> Completion | Failure:
            kind, *rest = prompt.messages
            if self.fail_on and any(self.fail_on in message.content for message in rest):
                return Failure("the line is dead")
            replies = self.script.get(kind.content) or ("",)
            number = prompt.sample + sum(message.role == "assistant" for message in rest)
            text = replies[min(number, len(replies) - 1)]
            words = len(text.split())
            return Completion(text, sum(len(message.content.split()) for message in rest), words, "stop", -0.5 * words)

        def operate(prompts: Sequence[Prompt]) -> list[Completion | Failure]:
            return [reply(prompt) for prompt in prompts]

        return operate
