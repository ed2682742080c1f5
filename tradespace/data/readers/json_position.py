"""Where a value stands in a JSON text: the standard parser does not tell."""

from __future__ import annotations

import json
import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


class JSONPosition:
    """Finds the line of any value in a text that is known to be valid JSON.

    The children of a value are skipped over by the standard parser, and their offsets kept, so that thousands of
    look-ups cost a few passes over the text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._children = lru_cache(maxsize=None)(lambda offset: dict(self._walk(offset)))

    def line(self, location: Sequence[str | int]) -> int:
        """Line, from 1, of the value at a location such as ("data", 3, "title"), or of its innermost parent."""
        offset = self._skip(0)
        for step in location:
            children = self._children(offset)
            if step not in children:
                break
            offset = children[step]
        return bisect(self._breaks, offset) + 1

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self._text)]

    def _walk(self, offset: int) -> Iterator[tuple[str | int, int]]:
        opening = self._text[offset]
        if opening not in "[{":
            return
        offset, number = self._skip(offset + 1), 0
        while self._text[offset] not in "]}":
            step: str | int = number
            if opening == "{":
                step, end = _DECODER.raw_decode(self._text, offset)
                offset = self._skip(self._skip(end) + 1)
            yield step, offset
            offset = self._skip(_DECODER.raw_decode(self._text, offset)[1])
            offset, number = self._skip(offset + (self._text[offset] == ",")), number + 1

    def _skip(self, offset: int) -> int:
        match = _SPACE.match(self._text, offset)
        return match.end() if match else offset
