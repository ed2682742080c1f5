"""Chat completions cut into the events that a server streams them in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def event_stream(completed: Mapping[str, Any], *, usage: bool = True) -> Iterator[str]:
    """The events of a chat completion: its choices word by word, in turn, then their ends, and its `usage` if wanted.

    >>> choice = {"index": 0, "message": {"content": "the cat"}, "finish_reason": "stop"}
    >>> [event[:5] for event in event_stream({"choices": [choice], "usage": {}})]
    ['data:', 'data:', 'data:', 'data:', 'data:']
    """
    queues = [list(_pieces(choice)) for choice in completed["choices"]]
    for turn in range(max(map(len, queues))):
        for queue in queues:
            if turn < len(queue):
                yield _event({"choices": [queue[turn]]})
    for choice in completed["choices"]:
        end = {"index": choice["index"], "delta": {}, "finish_reason": choice["finish_reason"]}
        yield _event({"choices": [end]})
    if usage:
        yield _event({"choices": [], "usage": completed["usage"]})
    yield "data: [DONE]\n\n"


def _pieces(choice: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The words of a choice, each with the score of a token; the last one has those that are left."""
    words = re.findall(r"\s*\S+|\s+$", choice["message"]["content"] or "") or [""]
    scores: Sequence[Any] = (choice.get("logprobs") or {}).get("content") or ()
    for place, word in enumerate(words):
        own = list(scores[place:] if place == len(words) - 1 else scores[place : place + 1])
        scored = {"logprobs": {"content": own}} if own else {}
        yield {"index": choice["index"], "delta": {"content": word}, "finish_reason": None, **scored}


def _event(value: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(value)}\n\n"
