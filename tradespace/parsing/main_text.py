"""The main text of a web page, without what stands around it on every page of its site, by trafilatura."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from tradespace.files import parsing
from tradespace.parsing.base import MOST_PARSED_BYTES, ParsedDocument, quiet
from tradespace.parsing.html import HTMLPage, html_text

Favoured = Literal["balance", "precision", "recall"]


@dataclass(frozen=True)
class MainText:
    """Headings, paragraphs, lists and tables of the page's main part; comments of readers are left out.

    Attributes:
        favor: `precision` for less that does not belong to it, `recall` for less that is missing.
        tables: whether tables are kept.
    """

    favor: Favoured = "balance"
    tables: bool = True

    kind: ClassVar[str] = "HTML"
    suffixes: ClassVar[tuple[str, ...]] = HTMLPage.suffixes
    packages: ClassVar[tuple[str, ...]] = ("lxml", "trafilatura")
    most_bytes: ClassVar[int] = MOST_PARSED_BYTES

    def parse(self, content: bytes, where: str) -> ParsedDocument:
        import trafilatura

        page = HTMLPage()
        with parsing("HTML", where), quiet("trafilatura", "htmldate", "courlan", "justext"):
            found = trafilatura.extract(
                html_text(content, where).replace("\x00", " "),
                output_format="html",
                include_comments=False,
                include_tables=self.tables,
                favor_precision=self.favor == "precision",
                favor_recall=self.favor == "recall",
            )
        return replace(page.parse((found or "").encode(), where), title=page.parse(content, where).title)
