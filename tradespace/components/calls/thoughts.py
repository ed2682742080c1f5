"""Thoughts of a model, kept apart from what it says: they are no answer, however much they look like one.

Models that reason (Guo et al. 2025, DeepSeek-R1) think before they answer. Servers hand that over in three ways:
between tags in the text, as parts of the content with a type of their own, or in a field beside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TAG = re.compile(r"</?(?:seed:)?(?:think|thinking|thought|reasoning)>|\[/?THINK\]|<\|(?:START|END)_THINKING\|>", re.I)
CLOSING = ("</", "[/", "<|end")
THINKING = frozenset({"thinking", "reasoning", "redacted_thinking", "reasoning_content"})
"""Types of the parts of a content that hold thoughts."""
SAYING = frozenset({"text", "output_text", None})
"""Types of those that hold what is said."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a model said, and what it thought before and in between."""

    text: str
    thoughts: str = ""


def apart(text: str, *, begun: bool = False) -> Written:
    """Set apart what stands between tags. A tag that is never closed hides all that follows it.

    One that closes what no other opened hides all before it: many chat templates open the first thought themselves.
    `begun` tells that this one did, so that a reply that was cut off before any tag is a thought as a whole.

    >>> apart("<think>Paris? No, Rome.</think>Rome")
    Written(text='Rome', thoughts='Paris? No, Rome.')
    >>> apart("It is Paris. Or Rome?</think> Rome").text, apart("<think>Paris, or").text
    ('Rome', '')
    """
    said = thoughts = ""
    thinking, start, tag = begun, 0, None
    for tag in TAG.finditer(text):
        piece, start = text[start : tag.start()], tag.end()
        closes = _closes(tag)
        if thinking:
            thoughts += piece
        elif closes:
            thoughts, said = thoughts + said + piece, ""
        else:
            said += piece
        thinking = not closes
    if tag is None and not begun:
        return Written(text)
    rest = text[start:]
    said, thoughts = (said, thoughts + rest) if thinking else (said + rest, thoughts)
    return Written(said.strip(), thoughts.strip())


def begins_a_thought(prompt: str) -> bool:
    """Whether a written prompt ends within a thought, as chat templates of models that always think end.

    >>> begins_a_thought("<|assistant|>\\n<think>\\n"), begins_a_thought("<|assistant|>\\n<think>\\n\\n</think>\\n")
    (True, False)
    """
    tags = list(TAG.finditer(prompt))
    return bool(tags) and not prompt[tags[-1].end() :].strip() and not _closes(tags[-1])


def _closes(tag: re.Match[str]) -> bool:
    return tag.group().lower().startswith(CLOSING)


def content(value: object) -> Written:
    """What the content of a message says: a text, or parts with types of their own; nothing where there is none.

    Raises:
        TypeError: it has another form.
    """
    if value is None or isinstance(value, str):
        return Written(value or "")
    if not isinstance(value, list | Mapping):
        raise TypeError(f"the content of a message must be a text or a list of parts; given: {value!r}")
    parts = [_part(part) for part in (value if isinstance(value, list) else [value])]
    return Written("".join(part.text for part in parts), "".join(part.thoughts for part in parts))


def _part(item: object) -> Written:
    """One part of a content. A part that is neither text nor thought, such as a picture, says nothing."""
    if isinstance(item, str):
        return Written(item)
    part: Mapping[str, Any] = item if isinstance(item, Mapping) else {}
    kind = part.get("type")
    if kind in THINKING:
        return Written("", content(part.get(kind) or part.get("text")).text)
    return Written(str(part.get("text") or "") if kind in SAYING else "")
