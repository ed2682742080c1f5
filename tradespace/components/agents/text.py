"""Tools in plain text, for any model: `Action: search[…]`, then `Observation: …` (ReAct, Yao et al. 2022)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tradespace.components.agents.base import ANSWER_FORM, ANSWER_WITH_TOOLS, AgentReply, ToolUse, unknown_tool
from tradespace.components.answers.base import after_marker
from tradespace.components.prompts.tasks import Instruction
from tradespace.components.tools.base import Tool
from tradespace.types import Completion, Message, ToolDeclaration

OBSERVATION = "Observation:"
FORM = "write a line that reads `Action:`, the tool's name, and its input in square brackets"
MADE_UP = re.compile(r"^[ \t>*_#-]*observation[ \t]*\d*[ \t*_]*:", re.IGNORECASE | re.MULTILINE)
"""What begins an observation that the model wrote itself."""
STEP_LINE = re.compile(
    r"^[ \t>*_#-]*(?:(?P<action>action)[ \t]*\d*|(?:final[ \t]+)?answer)[ \t*_]*:", re.IGNORECASE | re.MULTILINE
)
"""What begins a line that asks for a tool, or one that answers."""
CALL = re.compile(r"[ \t`*_]*(\w+)[ \t`]*\[")


class TextProtocol:
    """One tool at a time. The first line of a reply that asks or answers counts; what a model goes on to make up of
    observations is not read."""

    stop: tuple[str, ...] = (OBSERVATION,)

    def instruction(self, tools: Sequence[Tool]) -> Instruction:
        listed = "\n".join(f"- {tool.name}[{tool.parameter}]: {tool.meaning}" for tool in tools)
        first = f"`Action: {tools[0].name}[{tools[0].parameter}]`"
        return Instruction(
            "think",
            ANSWER_WITH_TOOLS,
            f"The tools are:\n{listed}\n\nThink step by step. To use a tool, {FORM}, as in {first}; then stop: what it "
            f"finds follows as `{OBSERVATION}`. Once the answer is known, {ANSWER_FORM}.",
            may_be_empty=True,
            aim="answer",
        )

    def offered(self, tools: Sequence[Tool]) -> tuple[ToolDeclaration, ...]:
        return ()

    def read(self, completion: Completion, tools: Sequence[Tool]) -> AgentReply:
        text = MADE_UP.split(completion.text, maxsplit=1)[0].rstrip()
        step = STEP_LINE.search(text)
        if step and step["action"]:
            return _action(text, step.end(), tools)
        answers = step or after_marker(text) is not None
        return AgentReply(
            Message("assistant", text), fault="" if answers else f"to use a tool, {FORM}; or {ANSWER_FORM}"
        )

    def observed(self, texts: Sequence[str]) -> tuple[Message, ...]:
        return tuple(Message("user", f"{OBSERVATION} {text}") for text in texts)


def _action(text: str, start: int, tools: Sequence[Tool]) -> AgentReply:
    """What a text asks for whose action begins there; what is said after it is left out."""
    call = CALL.match(text, start)
    end = closing_bracket(text, call.end()) if call else None
    if call is None or end is None:
        return AgentReply(Message("assistant", text), fault=f"this is no action: {FORM}")
    said = Message("assistant", text[: end + 1])
    tool = next((tool for tool in tools if tool.name == call[1].lower()), None)
    if tool is None:
        return AgentReply(said, fault=unknown_tool(call[1], tools))
    return AgentReply(said, (ToolUse(tool, text[call.end() : end].strip()),))


def closing_bracket(text: str, start: int) -> int | None:
    """The place of the bracket that closes the one before `start`; None where none does.

    >>> closing_bracket("[a[0] + 1] and [more]", 1)
    9
    """
    depth = 1
    for bracket in re.finditer(r"[\[\]]", text[start:]):
        depth += 1 if bracket[0] == "[" else -1
        if depth == 0:
            return start + bracket.start()
    return None


TEXT = TextProtocol()
