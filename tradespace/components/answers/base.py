"""What a form of answers is, and where in a text models put their answers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

JsonSchema = Mapping[str, Any]

MARKER = re.compile(
    r"####|\b(?:final |correct )?answer(?:\s+is)?\b[\s\"'*_]*(?:[:：]|(?<=is)\b)[\s\"'*_]*|\\boxed\{", re.IGNORECASE
)
"""What comes before an answer: `#### 18` of GSM8K, `answer: 18`, `**Answer:** 18`, `"answer": "18"`, `The answer is 18`
and `\\boxed{18}`."""
_FIELD = re.compile(r'"answer"\s*:\s*("(?:[^"\\]|\\.)*"|\[[^\]]*\]|\{[^}]*\}|[^\s,}]+)')


_BEGUN = re.compile(r'\s*\{\s*"')
"""How a JSON object begins."""


class AnswerForm(Protocol):
    """One form that answers take.

    Attributes:
        schema: JSON Schema of an answer, with its description in words; None where JSON does not suit it.
    """

    schema: ClassVar[JsonSchema | None]

    def extract(self, text: str) -> str:
        """The answer of a text in its normal form; empty where there is none."""

    def same(self, left: str, right: str) -> bool:
        """Whether two extracted answers, neither of which is empty, are the same answer."""


def after_marker(text: str) -> str | None:
    """What follows the last marker of an answer; None where there is no marker.

    A JSON field `answer` goes first: models that were asked for JSON often write the word elsewhere too. A JSON object
    that was cut off before that field has none.

    >>> after_marker("The answer: 3? No. The answer is 4.")
    '4.'
    >>> after_marker('{"reasoning": "the answer is odd", "answer": "7 birds"}')
    '7 birds'
    >>> after_marker('{"reasoning": "the answer: odd, so it')
    """
    fields = _FIELD.findall(text)
    if fields or _BEGUN.match(text):
        return _plain(fields[-1]) if fields else None
    markers = list(MARKER.finditer(text))
    return text[markers[-1].end() :].strip() if markers else None


def _plain(value: str) -> str:
    """A JSON value as text."""
    try:
        read = json.loads(value, strict=False)
    except ValueError:
        read = value.strip('"')
    return str(read).strip()
