"""What a form of answers is, and where in a text models put their answers."""

from __future__ import annotations

import json
import re
from typing import Protocol

MARKER = re.compile(
    r"####|\b(?:final |correct )?answer(?:\s+is)?\b[\s\"'*_]*(?:[:：]|(?<=is)\b)[\s\"'*_]*|\\boxed\{", re.IGNORECASE
)
"""What comes before an answer: `#### 18` of GSM8K, `answer: 18`, `**Answer:** 18`, `"answer": "18"`, `The answer is 18`
and `\\boxed{18}`."""
_FIELD = re.compile(r'"answer"\s*:\s*("(?:[^"\\]|\\.)*"|\[[^\]]*\]|\{[^}]*\}|[^\s,}]+)')


class AnswerForm(Protocol):
    """One form that answers take."""

    def extract(self, text: str) -> str:
        """The answer of a text in its normal form; empty where there is none."""

    def same(self, left: str, right: str) -> bool:
        """Whether two extracted answers, neither of which is empty, are the same answer."""


def after_marker(text: str) -> str | None:
    """What follows the last marker of an answer; None where there is no marker.

    A JSON field `answer` goes first: models that were asked for JSON often write the word elsewhere too.

    >>> after_marker("The answer: 3? No. The answer is 4.")
    '4.'
    >>> after_marker('{"reasoning": "the answer is odd", "answer": "7 birds"}')
    '7 birds'
    """
    fields = _FIELD.findall(text)
    if fields:
        return _plain(fields[-1])
    markers = list(MARKER.finditer(text))
    return text[markers[-1].end() :].strip() if markers else None


def _plain(value: str) -> str:
    """A JSON value as text."""
    try:
        read = json.loads(value, strict=False)
    except ValueError:
        read = value.strip('"')
    return str(read).strip()
