"""Jupyter notebooks: cells of Markdown as they are, and cells of code in fences. What programs printed is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from tradespace.errors import FileError
from tradespace.files import json_value
from tradespace.parsing.base import MOST_PARSED_BYTES, ParsedDocument, StructuredText
from tradespace.parsing.encodings import utf8_text
from tradespace.parsing.markdown import markdown_headings


@dataclass(frozen=True)
class NotebookFile:
    """Headings are those of the cells of Markdown.

    Attributes:
        code: whether the cells of code are kept.
    """

    code: bool = True

    kind: ClassVar[str] = "a Jupyter notebook"
    suffixes: ClassVar[tuple[str, ...]] = (".ipynb",)
    packages: ClassVar[tuple[str, ...]] = ()
    most_bytes: ClassVar[int] = MOST_PARSED_BYTES

    def parse(self, content: bytes, where: str) -> ParsedDocument:
        text = StructuredText(where)
        for is_code, source in _cells(json_value(utf8_text(content, where), Path(where)), where):
            if is_code and self.code:
                text.add(source)
            elif not is_code:
                start = text.add(source)
                text.headings += [replace(each, start=start + each.start) for each in markdown_headings(source)]
        return text.document()


def _cells(notebook: Any, where: str) -> Iterator[tuple[bool, str]]:
    """For each cell, whether it is code, and what stands in it."""
    match notebook:
        case {"cells": [*cells], **others}:
            language = _language(others.get("metadata"))
        case _:
            message = "must be a Jupyter notebook of format 4; `jupyter nbconvert --to notebook` makes one"
            raise FileError(message, where)
    for cell in cells:
        match cell:
            case {"cell_type": ("markdown" | "code") as kind, "source": str() | list() as lines}:
                source = "".join(map(str, lines)).strip("\n")
                if source.strip():
                    yield kind == "code", f"```{language}\n{source}\n```" if kind == "code" else source


def _language(metadata: Any) -> str:
    """What the kernel of a notebook speaks; empty where it does not say."""
    match metadata:
        case {"language_info": {"name": str() as name}} | {"kernelspec": {"language": str() as name}}:
            return name
    return ""
