"""HTML by trafilatura, which finds the main text of a page: Barbaresi (2021), "Trafilatura: A Web Scraping Library and
Command-Line Tool for Text Discovery and Extraction"."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.parsers.base import ParserOfFiles
from tradespace.parsing import FileParser
from tradespace.parsing.main_text import Favoured, MainText


class Trafilatura(ParserOfFiles):
    """The main text alone: no navigation, no advertisements, no comments. A page without one has no text, and is not
    searched. Other files stay as they were read."""

    name: ClassVar[str] = "trafilatura"

    favor: Favoured = Field(
        default="balance",
        description="`precision` for less that does not belong to the main text, `recall` for less that is missing",
    )
    tables: bool = Field(default=True, description="whether tables are kept")

    @property
    def file_parser(self) -> FileParser:
        return MainText(self.favor, self.tables)
