"""Yes or no."""

from __future__ import annotations

import re
from typing import ClassVar

from tradespace.components.answers.base import JsonSchema, after_marker

_BRACKETED = re.compile(r"\[\s*(yes|no)\b", re.IGNORECASE)
_WORD = re.compile(r"\b(yes|no)\b", re.IGNORECASE)


class YesNoForm:
    """The last bracketed `[yes]` or `[no]`, or the word after the last marker, or one at either end of the text."""

    schema: ClassVar[JsonSchema | None] = {"type": "string", "enum": ["yes", "no"], "description": "yes or no"}

    def extract(self, text: str) -> str:
        bracketed = _BRACKETED.findall(text)
        if bracketed:
            return str(bracketed[-1]).lower()
        marked = _WORD.match(after_marker(text) or "") or _WORD.match(text.strip())
        if marked:
            return marked.group(1).lower()
        last = text.rstrip(" .!*\n").rpartition("\n")[2].rpartition(" ")[2]
        return last.lower() if _WORD.fullmatch(last) else ""

    def same(self, left: str, right: str) -> bool:
        return left.lower() == right.lower()


YES_NO = YesNoForm()
