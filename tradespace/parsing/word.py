"""Word files (.docx), by python-docx: paragraphs, headings and tables in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, ClassVar

from tradespace.files import parsing
from tradespace.parsing.base import MOST_PARSED_BYTES, ParsedDocument, StructuredText
from tradespace.parsing.office import require_whole_archive, table_text

if TYPE_CHECKING:
    from docx.table import _Row
    from docx.text.paragraph import Paragraph

_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_MOST_BASES = 16
_SEEN = (
    ".//w:r/*[self::w:t or self::w:tab or self::w:br or self::w:cr or self::w:noBreakHyphen]"
    "[not(ancestor::w:txbxContent)]"
)


@dataclass(frozen=True)
class WordFile:
    """Headings are the paragraphs with a heading's style, or one that is based on it. Headers, footers, footnotes, text
    boxes and what changes that are tracked have deleted are left out. Where pages begin is known only to Word."""

    kind: ClassVar[str] = "a Word file (.docx)"
    suffixes: ClassVar[tuple[str, ...]] = (".docx",)
    packages: ClassVar[tuple[str, ...]] = ("docx",)
    most_bytes: ClassVar[int] = MOST_PARSED_BYTES

    def parse(self, content: bytes, where: str) -> ParsedDocument:
        require_whole_archive(content, self.kind, where)
        from docx import Document
        from docx.table import Table

        with parsing(self.kind, where):
            document = Document(BytesIO(content))
            text = StructuredText(where)
            for block in document.iter_inner_content():
                if isinstance(block, Table):
                    text.add(table_text(map(_cells, block.rows)))
                elif level := _level(block):
                    text.add_heading(_words(block), level)
                else:
                    text.add(_words(block))
            return text.document(document.core_properties.title or "")


def _words(paragraph: Paragraph) -> str:
    """All that is to be seen of a paragraph, links and inserted words included."""
    said = {"t": "", "tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
    pieces = ((element.tag.rpartition("}")[2], element.text) for element in paragraph._p.xpath(_SEEN))
    return "".join(said[name] or text or "" for name, text in pieces)


def _level(paragraph: Paragraph) -> int:
    """The level of a heading; 0 of what is none."""
    style = paragraph.style
    for _ in range(_MOST_BASES):
        if style is None:
            break
        if match := _HEADING.fullmatch(style.name or ""):
            return int(match[1])
        style = style.base_style
    return 0


def _cells(row: _Row) -> Iterator[str]:
    """The words of each cell; one that reaches over several columns is there once."""
    seen = set()
    for cell in row.cells:
        if cell._tc not in seen:
            seen.add(cell._tc)
            yield cell.text
