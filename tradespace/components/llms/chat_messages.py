"""Chats and tools as OpenAI's interface writes them; other interfaces and chat templates follow it.

The interface is that of https://platform.openai.com/docs/guides/function-calling.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from tradespace.types import Message, ToolCall, ToolDeclaration


def as_chat(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """Messages as JSON objects. Calls of tools are numbered, so that equal chats are written alike: what a server
    called them when it made them is not kept.

    >>> as_chat([Message("user", "Who sat?")])
    [{'role': 'user', 'content': 'Who sat?'}]
    >>> asked, found = as_chat([Message("assistant", "", (ToolCall("search", "{}"),)), Message("tool", "The cat.")])
    >>> asked["tool_calls"][0]["id"], found["tool_call_id"]
    ('call00001', 'call00001')
    """
    asked, answered = _identifiers(), _identifiers()
    return [_written(message, asked, answered) for message in messages]


def declared_tool(tool: ToolDeclaration) -> dict[str, Any]:
    """A tool with the JSON Schema of its one argument."""
    schema = {
        "type": "object",
        "properties": {tool.parameter: {"type": "string"}},
        "required": [tool.parameter],
    }
    function = {"name": tool.name, "description": tool.meaning, "parameters": schema}
    return {"type": "function", "function": function}


def response_format(json_schema: str) -> dict[str, Any]:
    """What a reply is held to, as a field of a request.

    >>> response_format('{"type": "object"}')["json_schema"]["schema"]
    {'type': 'object'}
    """
    named = {"name": "answer", "strict": True, "schema": json.loads(json_schema)}
    return {"type": "json_schema", "json_schema": named}


def tool_call(written: Mapping[str, Any]) -> ToolCall:
    """A call as a server writes it; the arguments are a text with JSON, or JSON itself at some.

    Raises:
        KeyError, TypeError: it has another form.
    """
    function = written["function"]
    arguments = function["arguments"]
    return ToolCall(str(function["name"]), arguments if isinstance(arguments, str) else json.dumps(arguments))


def _written(message: Message, asked: Iterator[str], answered: Iterator[str]) -> dict[str, Any]:
    plain: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.role == "tool":
        return {**plain, "tool_call_id": next(answered)}
    calls = [
        {"id": next(asked), "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in message.tool_calls
    ]
    return {**plain, "content": message.content or None, "tool_calls": calls} if calls else plain


def _identifiers() -> Iterator[str]:
    """Nine letters and digits each, which is what Mistral's models ask for."""
    return (f"call{number:05}" for number in count(1))
