"""Jupyter notebooks: with their code, or their prose alone."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.components.parsers.base import ParserOfFiles
from tradespace.parsing import FileParser
from tradespace.parsing.notebook import NotebookFile


class Notebook(ParserOfFiles):
    """Cells of Markdown, and cells of code in fences. Other files stay as they were read."""

    name: ClassVar[str] = "notebook"

    code: bool = Field(default=True, description="whether the cells of code are kept")

    @property
    def file_parser(self) -> FileParser:
        return NotebookFile(self.code)
