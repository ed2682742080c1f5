"""What parsers of files share: what they give, and how a text is put together so that its structure is known."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from tradespace.errors import FileError
from tradespace.types import Heading

MOST_PARSED_BYTES = 256 * 2**20
"""Larger files are refused before they are parsed: their text is read as a whole."""
MOST_PARSED_CHARACTERS = 50_000_000
"""More text than that is in no document that people search: a small file can unfold to it."""
MOST_PAGES = 20_000

PARAGRAPH = "\n\n"


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """What is in a file.

    Attributes:
        title: as the file itself says it; empty where it says none.
        headings: where its sections begin in the text, in order; empty where the file does not say.
        pages: where its pages begin in the text, from the first on; empty where it has none.
        notes: what of the file is not in the text, in words.
    """

    text: str
    title: str = ""
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


class FileParser(Protocol):
    """Reads files of one format.

    Attributes:
        kind: what its files are, as the rest of the sentence "must be …".
        suffixes: how their names end, in lower case.
        packages: modules that it needs and that a default install leaves out (`tradespace.extras`).
        most_bytes: larger files are refused.
    """

    @property
    def kind(self) -> str: ...

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    @property
    def packages(self) -> tuple[str, ...]: ...

    @property
    def most_bytes(self) -> int: ...

    def parse(self, content: bytes, where: str) -> ParsedDocument:
        """What is in a file of this content. `where` is its path, for messages.

        Raises:
            FileError: it is of another format, damaged, cut off, encrypted, holds no text, or unfolds to too much.
        """


@dataclass
class StructuredText:
    """A text that is written from its beginning to its end, and knows where its headings and pages begin.

    Attributes:
        where: the path of the file that it comes from, for messages.

    >>> text = StructuredText("cats.pdf")
    >>> text.begin_page()
    >>> text.add_heading("Cats", 1)
    >>> text.add("They sit.")
    6
    >>> text.document("Of cats")
    ParsedDocument(text='Cats\\n\\nThey sit.', title='Of cats', headings=(Heading(start=0, level=1, text='Cats'),), \
pages=(0,), notes=())
    """

    where: str
    headings: list[Heading] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _parted: bool = True

    def add(self, text: str, between: str = PARAGRAPH) -> int:
        """Add a piece of text, `between` it and what stands before it; where it begins. One without letters is left
        out."""
        if not text.strip():
            return self._length
        if not self._parted:
            self._write(between)
        start = self._length
        self._write(text)
        self._parted = False
        return start

    def add_heading(self, text: str, level: int) -> None:
        """Add a heading on a line of its own; nothing where it is empty."""
        line = " ".join(text.split())
        if line:
            self.headings.append(Heading(self.add(line), level, line))

    def begin_page(self, between: str = PARAGRAPH) -> None:
        """What is added next stands on another page."""
        if len(self.pages) == MOST_PAGES:
            raise FileError(f"must have at most {MOST_PAGES:,} pages; it has more. Split it", self.where)
        if not self._parted:
            self._write(between)
            self._parted = True
        self.pages.append(self._length)

    def document(self, title: str = "", notes: tuple[str, ...] = ()) -> ParsedDocument:
        """The whole, with nothing but text at its end."""
        text = "".join(self._parts).rstrip()
        pages = tuple(min(page, len(text)) for page in self.pages)
        return ParsedDocument(text, " ".join(title.split()), tuple(self.headings), pages, notes)

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        if self._length > MOST_PARSED_CHARACTERS:
            message = f"must hold at most {MOST_PARSED_CHARACTERS:,} characters of text; it unfolds to more. Split it"
            raise FileError(message, self.where)


@contextmanager
def quiet(*loggers: str) -> Iterator[None]:
    """Keep libraries from writing to the terminal what they think of a file: what matters of it is said by faults."""
    before = {name: logging.getLogger(name).level for name in loggers}
    for name in loggers:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
