"""PDF, by pdfminer.six: lines are put together to blocks by where they stand, and blocks are read in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import ClassVar

from tradespace.parsing.base import MOST_PARSED_BYTES, ParsedDocument
from tradespace.parsing.pdf import PDF, parsed_pdf


@dataclass(frozen=True)
class PDFBlocks:
    """Columns are read one after the other, whatever the order of the file; cells of a table become blocks of their
    own, by columns or by rows as they stand closer together.

    Attributes:
        boxes_flow: from -1, where only its place from left to right decides when a block is read, to 1, where only its
            height on the page does.
        line_margin: how far apart lines of one block may stand, in their own heights.
    """

    boxes_flow: float = 0.5
    line_margin: float = 0.5

    kind: ClassVar[str] = "PDF"
    suffixes: ClassVar[tuple[str, ...]] = PDF.suffixes
    packages: ClassVar[tuple[str, ...]] = ("pdfminer", "pypdf")
    most_bytes: ClassVar[int] = MOST_PARSED_BYTES

    def parse(self, content: bytes, where: str) -> ParsedDocument:
        return parsed_pdf(content, where, lambda reader: self._pages(content))

    def _pages(self, content: bytes) -> Iterator[str]:
        from pdfminer.high_level import extract_pages
        from pdfminer.layout import LAParams, LTTextContainer

        layout = LAParams(boxes_flow=self.boxes_flow, line_margin=self.line_margin)
        for page in extract_pages(BytesIO(content), laparams=layout):
            blocks = (_words(element.get_text()) for element in page if isinstance(element, LTTextContainer))
            yield "\n\n".join(filter(None, blocks))


def _words(block: str) -> str:
    """The lines of a block without the wide spaces of justified text."""
    return "\n".join(" ".join(line.split()) for line in block.strip().splitlines())
