"""What is known of the structure of a document: the headings that a place stands below, and its page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tradespace.components.chunkers.base import place_in_document
from tradespace.parsing.markdown import markdown_headings
from tradespace.types import Document, Heading, Passage

ABOVE = " > "
"""What stands between the headings of a path."""


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """Where a passage comes from, for people.

    Attributes:
        first_page, last_page: counted from 1; None where the document has no pages.
        section: the headings that it begins below, the highest first.
    """

    first_page: int | None = None
    last_page: int | None = None
    section: tuple[str, ...] = ()

    def __str__(self) -> str:
        """In words; empty where nothing is known.

        >>> str(SourceLocation(3, 4, ("Returns", "Damage"))), str(SourceLocation(3, 3)), str(SourceLocation())
        ('pages 3–4, Returns > Damage', 'page 3', '')
        """
        several = self.last_page != self.first_page
        pages = f"pages {self.first_page}–{self.last_page}" if several else f"page {self.first_page}"
        return ", ".join(filter(None, [pages if self.first_page else "", ABOVE.join(self.section)]))


def source_location(passage: Passage, document: Document | None) -> SourceLocation:
    """The pages and the section of a passage; nothing of one whose place in the document is not known.

    >>> book = Document("book", "Cats\\nThey sit.\\nThey eat.", headings=(Heading(0, 1, "Cats"),), pages=(0, 15))
    >>> source_location(Passage("book[15:24]", "book", "They eat."), book)
    SourceLocation(first_page=2, last_page=2, section=('Cats',))
    """
    place = place_in_document(passage, document)
    if document is None or place is None:
        return SourceLocation()
    start, end = place
    section = tuple(heading.text for heading in path_at(headings_of(document), start))
    if not document.pages:
        return SourceLocation(section=section)
    return SourceLocation(_page(document, start), _page(document, max(start, end - 1)), section)


def _page(document: Document, place: int) -> int:
    """The number of the page that a character stands on, from 1."""
    return max(1, bisect_right(document.pages, place))


@lru_cache(maxsize=4096)
def headings_of(document: Document) -> tuple[Heading, ...]:
    """The headings of a document, in order: those that its file told, or else those of Markdown in its text."""
    return document.headings or markdown_headings(document.text)


def path_at(headings: Sequence[Heading], place: int) -> tuple[Heading, ...]:
    """The headings that a place stands below, the highest first; one that begins there is the last.

    >>> path_at([Heading(0, 1, "Cats"), Heading(9, 2, "Food"), Heading(20, 2, "Sleep")], 25)
    (Heading(start=0, level=1, text='Cats'), Heading(start=20, level=2, text='Sleep'))
    """
    path: list[Heading] = []
    for heading in headings[: bisect_right(headings, place, key=lambda heading: heading.start)]:
        while path and path[-1].level >= heading.level:
            path.pop()
        path.append(heading)
    return tuple(path)
