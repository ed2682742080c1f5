"""HTML, by lxml: all text that a reader of the page sees, in the order of the file; or only that of its main part."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tradespace.errors import FileError
from tradespace.files import parsing
from tradespace.parsing.base import MOST_PARSED_BYTES, ParsedDocument, StructuredText
from tradespace.parsing.encodings import marked_encoding, utf8_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UNSEEN = frozenset(
    ("head", "script", "style", "template", "noscript", "svg", "iframe", "object", "canvas", "datalist")
)
_AROUND = frozenset(["nav", "header", "footer", "aside", "form"])
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div"),
        *("dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "legend", "li", "main"),
        *("nav", "ol", "p", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
_LAYOUT = (*_HEADINGS, "table", "ul", "ol", "dl", "pre", "form")
"""What stands in the cells of tables that lay a page out, rather than in those of tables of data."""
_SEVERAL = 2
_BREAK = "\v"
_DECLARED = re.compile(rb"""<(?:meta[^>]{0,200}?\bcharset|\?xml[^>]{0,80}?\bencoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_HEAD_BYTES = 4096
_PARSER_GAVE_UP = "ERR_RESOURCE_LIMIT"
"""What libxml2 notes where it stops in the middle of a page, without a word to its caller."""


@dataclass(frozen=True)
class HTMLPage:
    """Each row of a table becomes a line, with ` | ` between its cells; a table that lays out the page is read as text.

    Attributes:
        skip_navigation: whether `nav`, `header`, `footer`, `aside` and `form` are left out.
    """

    skip_navigation: bool = False

    kind: ClassVar[str] = "HTML"
    suffixes: ClassVar[tuple[str, ...]] = (".html", ".htm", ".xhtml")
    packages: ClassVar[tuple[str, ...]] = ("lxml",)
    most_bytes: ClassVar[int] = MOST_PARSED_BYTES

    def parse(self, content: bytes, where: str) -> ParsedDocument:
        from lxml import html

        text = html_text(content, where).replace("\x00", " ")
        if not text.strip():
            return ParsedDocument("")
        with parsing("HTML", where):
            parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
            root = html.document_fromstring(text.encode(), parser=parser)
            if any(entry.type_name == _PARSER_GAVE_UP for entry in parser.error_log):
                raise FileError("must be HTML that can be read to its end; it is nested too deeply", where)
            body = root.find("body")
            writer = _Writer(StructuredText(where), _UNSEEN | (_AROUND if self.skip_navigation else frozenset()))
            writer.write(root if body is None else body)
            title = root.find(".//title")
            return writer.text.document("" if title is None else title.text_content())


def html_text(content: bytes, where: str) -> str:
    """The characters of a page: by its byte order mark, as UTF-8 where it is that, or else as it declares itself.

    Raises:
        FileError: it is in none of these encodings.
    """
    encoding = marked_encoding(content) or ("" if _is_utf8(content) else _declared_encoding(content))
    if not encoding:
        return utf8_text(content, where)
    with parsing(f"HTML in {encoding}, as it says of itself", where):
        return content.decode(encoding)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _declared_encoding(content: bytes) -> str:
    """The encoding that a page declares itself to be in, as browsers take it; empty where that is none we know."""
    match = _DECLARED.search(content[:_HEAD_BYTES])
    try:
        name = codecs.lookup(match[1].decode("ascii")).name if match else ""
    except LookupError:
        return ""
    return "cp1252" if name in ("ascii", "iso8859-1") else "" if name.startswith(("utf-8", "utf-16")) else name


class _Writer:
    """Takes the elements of a page in their order, and writes what is said in them."""

    def __init__(self, text: StructuredText, skipped: Collection[str]) -> None:
        self.text = text
        self._skipped = skipped
        self._said: list[str] = []
        self._in_new_item = False

    def write(self, root: HtmlElement) -> None:
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start" and self._begins(element):
                walk.skip_subtree()
            elif event == "end":
                self._ends(element, is_root=element is root)
        self._end_paragraph()

    def _begins(self, element: HtmlElement) -> bool:
        """Whether all that stands in an element is dealt with."""
        tag = element.tag
        if tag in self._skipped or element.get("hidden") is not None:
            return True
        if tag == "br":
            self._said.append(_BREAK)
        elif tag in _BLOCKS or tag in _HEADINGS or tag == "pre":
            self._end_paragraph()
            if self._adds_whole(element):
                return True
            self._in_new_item |= tag == "li"
        self._said.append(element.text or "")
        return False

    def _adds_whole(self, element: HtmlElement) -> bool:
        """Add a heading, preformatted text, or a table of data."""
        if element.tag in _HEADINGS:
            self.text.add_heading(_words(element), _HEADINGS[element.tag])
        elif element.tag == "pre":
            self.text.add(element.text_content().strip("\r\n"))
        elif element.tag == "table" and _holds_data(element):
            self.text.add("\n".join(filter(None, map(_row, element.iter("caption", "tr")))))
        else:
            return False
        return True

    def _ends(self, element: HtmlElement, *, is_root: bool) -> None:
        if element.tag in _BLOCKS:
            self._end_paragraph()
            self._in_new_item &= element.tag != "li"
        if not is_root:
            self._said.append(element.tail or "")

    def _end_paragraph(self) -> None:
        lines = (" ".join(line.split()) for line in "".join(self._said).split(_BREAK))
        self._said.clear()
        if paragraph := "\n".join(filter(None, lines)):
            if self._in_new_item:
                self.text.add(f"- {paragraph}", "\n")
            else:
                self.text.add(paragraph)
            self._in_new_item = False


def _holds_data(table: HtmlElement) -> bool:
    """Whether a table has several columns, and nothing that structures a text in its cells."""
    return not any(True for _ in table.iterdescendants(*_LAYOUT)) and any(
        len(_cells(row)) >= _SEVERAL for row in table.iter("tr")
    )


def _row(row: HtmlElement) -> str:
    """The cells of a row in one line; the words of a caption."""
    words = [_words(cell) for cell in (_cells(row) if row.tag == "tr" else [row])]
    return " | ".join(words) if any(words) else ""


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return list(row.iterchildren("td", "th"))


def _words(element: HtmlElement) -> str:
    """What is said in an element, in one line."""
    apart = any(True for _ in element.iterdescendants("br", *_BLOCKS))
    return " ".join((" " if apart else "").join(element.itertext()).split())
