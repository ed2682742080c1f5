"""PDF by pypdf, the way in which PDFs are read unless another is chosen."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.parsers.base import ParserOfFiles
from tradespace.parsing import FileParser
from tradespace.parsing.pdf import PDF


class PyPDF(ParserOfFiles):
    """Lines in the order in which the file has them. Other files stay as they were read."""

    name: ClassVar[str] = "pypdf"

    layout: bool = Field(
        default=False, description="whether words are put where they stand on the page: rows of tables stay rows"
    )

    @property
    def file_parser(self) -> FileParser:
        return PDF(self.layout)
