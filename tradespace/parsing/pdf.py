"""PDF, by pypdf: the text of each page, where pages begin, and the outline (bookmarks) as headings."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar

from tradespace.errors import FileError
from tradespace.files import parsing
from tradespace.parsing.base import MOST_PAGES, MOST_PARSED_BYTES, ParsedDocument, StructuredText, quiet
from tradespace.types import Heading

if TYPE_CHECKING:
    from pypdf import PdfReader

_BEGINNING, _END = b"%PDF", b"%%EOF"
_WITHIN = 4096
"""How many bytes may stand before the one and behind the other: programs write all sorts of things there."""
MOST_UNFOLDED = 75_000_000
"""Bytes that one stream may unfold to: pypdf reads no more and says nothing of it, pdfminer.six would read all."""
_STREAM, _STREAM_END = re.compile(rb"(?<!end)stream\r?\n"), b"endstream"
_MOST_LAYERS = 8
TextsOfPages = Callable[["PdfReader"], Iterable[str]]


@dataclass(frozen=True)
class PDF:
    """Lines as the file's own order has them: columns one after the other where they were written so, the cells of a
    table one below the other or in one line.

    Attributes:
        layout: whether words are put where they stand on the page, by spaces and empty lines: rows of tables stay
            rows, and the lines of two columns stand side by side.
    """

    layout: bool = False

    kind: ClassVar[str] = "PDF"
    suffixes: ClassVar[tuple[str, ...]] = (".pdf",)
    packages: ClassVar[tuple[str, ...]] = ("pypdf",)
    most_bytes: ClassVar[int] = MOST_PARSED_BYTES

    def parse(self, content: bytes, where: str) -> ParsedDocument:
        mode: Any = "layout" if self.layout else "plain"
        return parsed_pdf(
            content, where, lambda reader: (page.extract_text(extraction_mode=mode) for page in reader.pages)
        )


def parsed_pdf(content: bytes, where: str, texts: TextsOfPages) -> ParsedDocument:
    """A PDF whose pages are read in some way.

    Raises:
        FileError: it is none, cut off, encrypted, unfolds to too much, or no page holds text.
    """
    if _BEGINNING not in content[:_WITHIN]:
        raise FileError("must be a whole PDF; it begins as something else", where)
    if _END not in content[-_WITHIN:]:
        raise FileError(f"must be a whole PDF; it does not end with {_END.decode()}: it may be cut short", where)
    _require_bounded(content, where)
    with parsing("a whole PDF", where), quiet("pypdf", "pdfminer"):
        reader = _opened(content, where)
        text, empty = StructuredText(where), list[int]()
        for number, page in enumerate(texts(reader), start=1):
            text.begin_page("\n")
            text.add(page.rstrip().strip("\r\n"))
            if not page.strip():
                empty.append(number)
        if len(empty) == len(text.pages):
            raise FileError(
                f"must hold text; none of its {len(empty):,} pages does: they are pictures of text, as a scanner makes "
                "them. Recognize it first, for instance with: ocrmypdf IN.pdf OUT.pdf",
                where,
            )
        title = _title(reader)
        notes = [f"no text is on {_pages(empty)}: empty, a picture of text (a scan), or damaged"] if empty else []
        text.headings = _headings(reader, text.document(), notes)
        return text.document(title, tuple(notes))


def _require_bounded(content: bytes, where: str) -> None:
    """Unfold every compressed stream as far as it is allowed to go. Encrypted ones cannot be tried.

    Raises:
        FileError: one unfolds to more.
    """
    for begin in _STREAM.finditer(content):
        end = content.find(_STREAM_END, begin.end())
        data: bytes | None = content[begin.end() : end if end >= 0 else len(content)]
        for _ in range(_MOST_LAYERS):
            if data:
                data = _unfolded(data, where)


def _unfolded(data: bytes, where: str) -> bytes | None:
    """What zlib makes of data; None where they are not compressed by it."""
    try:
        unfolded = zlib.decompressobj().decompress(data, MOST_UNFOLDED + 1)
    except zlib.error:
        return None
    if len(unfolded) > MOST_UNFOLDED:
        message = (
            f"no part of a PDF may unfold to more than {MOST_UNFOLDED:,} bytes; one does. Save it anew, or split it"
        )
        raise FileError(message, where)
    return unfolded


def _opened(content: bytes, where: str) -> PdfReader:
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise FileError("must be readable without a password; it is encrypted: save it without one", where)
    if len(reader.pages) > MOST_PAGES:
        raise FileError(f"must have at most {MOST_PAGES:,} pages; it has {len(reader.pages):,}. Split it", where)
    return reader


def _title(reader: PdfReader) -> str:
    """What the file says that it is called; empty where that is nothing, or damaged."""
    with suppress(Exception):
        return str((reader.metadata.get("/Title") if reader.metadata else "") or "")
    return ""


def _pages(numbers: Iterable[int]) -> str:
    """Page numbers, runs of them as such.

    >>> _pages([3, 5, 6, 7])
    'pages 3, 5–7'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"page{'s' if len(runs) > 1 or len(runs[0]) > 1 else ''} {words}"


def _headings(reader: PdfReader, document: ParsedDocument, notes: list[str]) -> list[Heading]:
    """The outline as headings: each where its words stand on its page, or else where the page begins."""
    headings: list[Heading] = []
    try:
        for title, level, page in _entries(reader, reader.outline, 1):
            start = _start_of(title, document, page, headings)
            headings.append(Heading(start, level, title))
    except Exception:  # noqa: BLE001 - a damaged outline is no reason to do without the text
        notes.append("its outline (bookmarks) is damaged, so that only some headings are known, or none")
    return sorted(headings, key=lambda heading: heading.start)


def _entries(reader: PdfReader, outline: Iterable[Any], level: int) -> Iterator[tuple[str, int, int]]:
    """Title, level and page of each entry that leads to a page. Entries below another stand behind it, in a list."""
    for entry in outline:
        if isinstance(entry, list):
            yield from _entries(reader, entry, level + 1)
            continue
        page, title = reader.get_destination_page_number(entry), " ".join(str(entry.title).split())
        if page is not None and title:
            yield title, level, page


def _start_of(title: str, document: ParsedDocument, page: int, before: list[Heading]) -> int:
    first, end = document.pages[page], (*document.pages[page + 1 :], len(document.text))[0]
    reached = max([first, *(heading.start + 1 for heading in before[-1:])])
    words = re.compile(r"\s+".join(map(re.escape, title.split())), re.IGNORECASE)
    match = words.search(document.text, reached, end) or words.search(document.text, first, end)
    return match.start() if match else first
