"""HTML by lxml, the way in which HTML is read unless another is chosen."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.parsers.base import ParserOfFiles
from tradespace.parsing import FileParser
from tradespace.parsing.html import HTMLPage


class PlainHTML(ParserOfFiles):
    """All text that a reader of the page sees, in its order. Other files stay as they were read."""

    name: ClassVar[str] = "plain_html"

    skip_navigation: bool = Field(
        default=False, description="whether `nav`, `header`, `footer`, `aside` and `form` are left out"
    )

    @property
    def file_parser(self) -> FileParser:
        return HTMLPage(self.skip_navigation)
