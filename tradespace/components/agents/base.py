"""What a protocol is: how tools are offered to a model, how its reply is read, and how it is told what tools found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tradespace.components.prompts.tasks import Instruction
from tradespace.components.tools.base import Tool
from tradespace.types import Completion, Message, ToolDeclaration

ANSWER_WITH_TOOLS = "Answer the question from the passages and from what tools find."
ANSWER_FORM = "write a line that reads `answer:` followed by the answer only"


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool that a model asks for, and the text that it gives to it."""

    tool: Tool
    text: str


@dataclass(frozen=True, slots=True)
class AgentReply:
    """What a reply asks for. One with neither uses nor a fault is an answer.

    Attributes:
        said: the reply as a message to go on from.
        uses: tools to use side by side.
        fault: what the model did wrong and should do instead; empty where it did nothing wrong.
    """

    said: Message
    uses: tuple[ToolUse, ...] = ()
    fault: str = ""


class ToolProtocol(Protocol):
    """One way to speak of tools.

    Attributes:
        stop: strings that end a reply, so that a model does not make up what tools find.
    """

    stop: tuple[str, ...]

    def instruction(self, tools: Sequence[Tool]) -> Instruction:
        """What a model is told to do with these tools."""

    def offered(self, tools: Sequence[Tool]) -> tuple[ToolDeclaration, ...]:
        """The tools that its server is told of."""

    def read(self, completion: Completion, tools: Sequence[Tool]) -> AgentReply:
        """What a reply asks for, whatever the model wrote."""

    def observed(self, texts: Sequence[str]) -> tuple[Message, ...]:
        """What a model is told that its tools found, one text for each use."""


def in_words(message: Message) -> str:
    """A reply with its calls as plain text: servers refuse a chat in which a call is malformed, or has no outcome."""
    calls = (f"{call.name}({call.arguments})" for call in message.tool_calls)
    return "\n".join(filter(None, (message.content, *calls))) or "…"


def unknown_tool(name: str, tools: Sequence[Tool]) -> str:
    """What to tell a model that asks for what is not there."""
    return f"there is no tool called {name!r}; use one of {', '.join(tool.name for tool in tools)}"
