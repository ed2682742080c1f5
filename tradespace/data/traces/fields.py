"""What is read from JSON of unknown shape: nested values made flat, times, numbers, texts of messages."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from tradespace.data.traffic.moments import moment

_MOST_DIGITS = 40
_DEEPEST = 12
"""How deep values are looked into."""
_ASKED = ("question", "query", "input", "text", "content", "prompt", "message", "value", "kwargs", "args", "inputs")
"""Names that inputs have for what was asked, the most telling first."""
_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""From which number on a time since 1970 is in nanoseconds, microseconds or milliseconds."""


def flat(value: Any, prefix: str = "", depth: int = _DEEPEST) -> Iterator[tuple[str, Any]]:
    """What nested mappings hold, by their names joined by dots. Lists stay whole.

    >>> dict(flat({"input": {"value": "Who?"}, "retrieval": {"documents": [{"document.id": "d1"}]}}))
    {'input.value': 'Who?', 'retrieval.documents': [{'document.id': 'd1'}]}
    """
    if isinstance(value, Mapping) and depth:
        for name, nested in value.items():
            yield from flat(nested, f"{prefix}.{name}" if prefix else str(name), depth - 1)
    elif value is not None:
        yield prefix, value


def seconds_since_1970(value: Any) -> float | None:
    """A time as seconds since 1970: ISO text, or a number of seconds, or of a finer unit; None where it is neither.

    >>> seconds_since_1970("1970-01-01T00:01:00Z"), seconds_since_1970(1700000000000), seconds_since_1970("soon")
    (60.0, 1700000000.0, None)
    """
    try:
        seconds = moment(str(value))
    except (ValueError, OverflowError):
        return None
    return next((seconds / unit for least, unit in _UNITS if seconds >= least), seconds)


def finite_number(value: Any) -> float | None:
    """A finite number, also one that is written as text; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def count_of(value: Any) -> int | None:
    """A whole number of at least 0; None where it is none. One that is written whole is read to its last digit."""
    if isinstance(value, str) and len(value) <= _MOST_DIGITS and value.isdecimal():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value >= 0 else None
    read = finite_number(value)
    return int(read) if read is not None and read >= 0 else None


def json_within(value: Any) -> Any:
    """A value; what is written as JSON in a text, where that is an object or a list."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def asked_in(value: Any, depth: int = _DEEPEST) -> str:
    """What was asked: a text itself, or what stands in it under one of the usual names, or was said last by the user.

    >>> asked_in('{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Who?"}]}')
    'Who?'
    >>> asked_in({"query": {"text": "Where?"}}), asked_in([{"message": {"role": "user", "content": "When?"}}])
    ('Where?', 'When?')
    """
    value = json_within(value)
    if isinstance(value, str):
        return value.strip()
    if not depth:
        return ""
    if isinstance(value, list):
        return _said_last(value, depth)
    if not isinstance(value, Mapping):
        return ""
    inside = [value[name] for name in ("messages", "parts", *_ASKED) if name in value]
    return next((text for each in inside if (text := asked_in(each, depth - 1))), "")


def _said_last(messages: list[Any], depth: int) -> str:
    """The last message of a user; without roles the texts of all parts."""
    said = [_unwrapped(each) for each in messages]
    users = [each for each in said if isinstance(each, Mapping) and _role(each) in ("user", "human")]
    if users:
        return asked_in({name: item for name, item in users[-1].items() if name not in ("role", "type")}, depth - 1)
    return "\n".join(text for each in said if (text := asked_in(each, depth - 1)))


def _unwrapped(message: Any) -> Any:
    """A message that stands in another, or has its name before each of its parts."""
    if not isinstance(message, Mapping):
        return message
    inner = message.get("message")
    if isinstance(inner, Mapping):
        return inner
    return {str(name).removeprefix("message."): part for name, part in message.items()}


def _role(message: Mapping[str, Any]) -> Any:
    return message.get("role") or message.get("type")
