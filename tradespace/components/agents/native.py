"""Tools as servers offer them: declared beside the chat, and called apart from what the model says.

The interface is that of https://platform.openai.com/docs/guides/function-calling.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from tradespace.components.agents.base import ANSWER_FORM, ANSWER_WITH_TOOLS, AgentReply, ToolUse, unknown_tool
from tradespace.components.prompts.tasks import Instruction
from tradespace.components.tools.base import Tool
from tradespace.types import Completion, Message, ToolCall, ToolDeclaration


class NativeProtocol:
    """As many tools at a time as the model likes, side by side. A reply that calls none is the answer."""

    stop: tuple[str, ...] = ()

    def instruction(self, tools: Sequence[Tool]) -> Instruction:
        return Instruction(
            "think",
            ANSWER_WITH_TOOLS,
            f"Think step by step, and use tools for what you do not know. Once the answer is known, {ANSWER_FORM}.",
            may_be_empty=True,
            aim="answer",
        )

    def offered(self, tools: Sequence[Tool]) -> tuple[ToolDeclaration, ...]:
        return tuple(tool.declaration for tool in tools)

    def read(self, completion: Completion, tools: Sequence[Tool]) -> AgentReply:
        by_name = {tool.name: tool for tool in tools}
        uses = [_use(call, by_name) for call in completion.tool_calls]
        faults = [use for use in uses if isinstance(use, str)]
        said = Message("assistant", completion.text, completion.tool_calls)
        return AgentReply(said, tuple(use for use in uses if isinstance(use, ToolUse)), "; ".join(faults))

    def observed(self, texts: Sequence[str]) -> tuple[Message, ...]:
        return tuple(Message("tool", text) for text in texts)


def _use(call: ToolCall, tools: dict[str, Tool]) -> ToolUse | str:
    """The use that a call asks for, or what is wrong with it."""
    tool = tools.get(call.name)
    if tool is None:
        return unknown_tool(call.name, list(tools.values()))
    try:
        arguments = json.loads(call.arguments)
    except (ValueError, RecursionError):
        arguments = None
    text = arguments.get(tool.parameter) if isinstance(arguments, dict) else None
    if not isinstance(text, str):
        return f"{tool.name} takes a JSON object with one text, `{tool.parameter}`; given: {call.arguments[:200]}"
    return ToolUse(tool, text.strip())


NATIVE = NativeProtocol()
