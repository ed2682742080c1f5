"""PDF by pdfminer.six, which puts lines together to blocks by where they stand, and reads column after column."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.parsers.base import ParserOfFiles
from tradespace.parsing import FileParser
from tradespace.parsing.pdf_blocks import PDFBlocks


class PDFMiner(ParserOfFiles):
    """Blocks of text in the order in which people read them. Other files stay as they were read."""

    name: ClassVar[str] = "pdfminer"

    boxes_flow: float = Field(
        default=0.5,
        ge=-1,
        le=1,
        description="what decides which block is read first: from -1, its place from left to right, to 1, its height",
    )
    line_margin: float = Field(
        default=0.5, ge=0, le=5, description="how far apart the lines of one block may stand, in their own heights"
    )

    @property
    def file_parser(self) -> FileParser:
        return PDFBlocks(self.boxes_flow, self.line_margin)
