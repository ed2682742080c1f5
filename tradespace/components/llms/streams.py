"""Replies that come piece by piece, put together again, with the time at which the first piece came.

Server-sent events, as https://platform.openai.com/docs/api-reference/chat-streaming describes them.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tradespace.components.remote.refusals import ParameterRefusedError, UnavailableError, quoted

STREAMED = {"stream": True, "stream_options": {"include_usage": True}}
"""Fields of a request for a stream that tells its tokens."""
GROWING = frozenset({"content", "reasoning_content", "reasoning", "refusal", "arguments"})
"""Fields of a message that come in pieces; all others come whole."""


@dataclass(frozen=True, slots=True)
class Received:
    """A reply as JSON.

    Attributes:
        first_token: seconds from sending its request to the first piece of text; None where it came whole.
    """

    reply: Any
    first_token: float | None = None


@dataclass
class Assembly:
    """A reply that is being put together, in the form of one that comes whole.

    >>> assembly = Assembly()
    >>> [assembly.add({"choices": [{"index": 0, "delta": {"content": piece}}]}) for piece in ("", "Ro", "me")]
    [False, True, True]
    >>> assembly.reply["choices"][0]["message"]
    {'content': 'Rome'}
    """

    reply: dict[str, Any] = field(default_factory=lambda: {"choices": []})

    def add(self, event: Mapping[str, Any]) -> bool:
        """Take one event in, and say whether it brought some text."""
        self.reply |= {name: value for name, value in event.items() if name != "choices" and value is not None}
        grown = [self._grown(piece) for piece in event.get("choices") or ()]
        return any(grown)

    @property
    def complete(self) -> bool:
        """Whether every choice has ended."""
        choices = self.reply["choices"]
        return bool(choices) and all(choice.get("finish_reason") for choice in choices)

    def _grown(self, piece: Mapping[str, Any]) -> bool:
        choice = _numbered(self.reply["choices"], piece.get("index", 0))
        if piece.get("finish_reason"):
            choice["finish_reason"] = piece["finish_reason"]
        if scores := (piece.get("logprobs") or {}).get("content"):
            choice.setdefault("logprobs", {"content": []})["content"] += scores
        return _grow(choice.setdefault("message", {}), piece.get("delta") or {})


async def assembled(lines: AsyncIterator[str], started: float, clock: Callable[[], float] = time.monotonic) -> Received:
    """Put the reply together whose events stand on these lines; `started` is the time at which it was asked for.

    Raises:
        UnavailableError: it is no stream of events, breaks off, or tells of an error.
        ParameterRefusedError: it does not tell its tokens, which it may where it comes whole.
    """
    assembly, first_token, done = Assembly(), None, False
    async for line in lines:  # to the last one, or the connection could not be used again
        data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
        done |= data == "[DONE]"
        if data and not done and assembly.add(_event(data)) and first_token is None:
            first_token = clock() - started
    if not done and not assembly.complete:
        raise UnavailableError(f"the stream broke off after {quoted(json.dumps(assembly.reply))}")
    if "usage" not in assembly.reply:
        raise ParameterRefusedError("a stream that does not tell how many tokens it took", "stream")
    return Received(assembly.reply, first_token)


def _event(data: str) -> Mapping[str, Any]:
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        event = None
    if not isinstance(event, Mapping) or event.get("error"):
        raise UnavailableError(f"a stream must be JSON objects without errors; given: {quoted(data)}")
    return event


def _grow(message: dict[str, Any], delta: Mapping[str, Any]) -> bool:
    """Add a piece to a message, and say whether there was any text in it."""
    grown = False
    for name, piece in delta.items():
        if name in GROWING and isinstance(piece, str):
            message[name] = (message.get(name) or "") + piece
            grown |= bool(piece)
        elif name == "tool_calls":
            calls = message.setdefault(name, [])
            for call in piece or ():
                grown |= _grow(_numbered(calls, call.get("index", 0)), call)
        elif name == "function":
            grown |= _grow(message.setdefault(name, {}), piece)
        elif piece is not None:
            message[name] = piece
    return grown


def _numbered(known: list[dict[str, Any]], number: int) -> dict[str, Any]:
    """The part with this number, made where it is not there yet."""
    part = next((part for part in known if part["index"] == number), None)
    if part is None:
        part = {"index": number}
        known.append(part)
        known.sort(key=lambda other: int(other["index"]))
    return part
