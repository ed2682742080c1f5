"""Text and Markdown: the file as it is. Where its sections begin is told by the text itself (`markdown.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tradespace.files import MOST_BYTES
from tradespace.parsing.base import ParsedDocument
from tradespace.parsing.encodings import utf8_text


@dataclass(frozen=True)
class PlainText:
    """Every character is kept, marks of Markdown too."""

    kind: ClassVar[str] = "text in UTF-8"
    suffixes: ClassVar[tuple[str, ...]] = (".md", ".markdown", ".txt")
    packages: ClassVar[tuple[str, ...]] = ()
    most_bytes: ClassVar[int] = MOST_BYTES

    def parse(self, content: bytes, where: str) -> ParsedDocument:
        return ParsedDocument(utf8_text(content, where))
