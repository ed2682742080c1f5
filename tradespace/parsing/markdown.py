"""Where the sections of a Markdown text begin, by CommonMark's rules: markdown-it-py."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from tradespace.types import Heading

if TYPE_CHECKING:
    from markdown_it.token import Token

_NEW_LINE = re.compile(r"\r\n?|\n")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_LOOKS_LIKE_HEADING = re.compile(r"^ {0,3}(?:#{1,6}(?:\s|$)|=+[ \t\r]*$|-+[ \t\r]*$)", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n.*?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_BREAKS = ("softbreak", "hardbreak")
_SAID = ("text", "code_inline", *_BREAKS)


def markdown_headings(text: str) -> tuple[Heading, ...]:
    """The headings of a text, in order; those in quotations, lists and blocks of code are none.

    >>> markdown_headings("# Cats\\nThey *sit*.\\n\\nWhy `they` sit\\n---\\n")
    (Heading(start=0, level=1, text='Cats'), Heading(start=20, level=2, text='Why they sit'))
    """
    text = _LONE_RETURN.sub("\n", text)  # places stay what they are
    matter = _FRONT_MATTER.match(text)
    skipped = matter.end() if matter else 0
    if not _LOOKS_LIKE_HEADING.search(text, skipped):
        return ()
    from markdown_it import MarkdownIt

    starts = [skipped + start for start in line_starts(text[skipped:])]
    return tuple(
        Heading(starts[opening.map[0]], int(opening.tag[1]), heading)
        for opening, inline in pairwise(MarkdownIt("commonmark").parse(text[skipped:]))
        if opening.type == "heading_open" and opening.level == 0 and opening.map
        if (heading := _without_marks(inline))
    )


def line_starts(text: str) -> list[int]:
    """Where each line of a text begins, in characters; lines end as in Markdown and in Python's source."""
    return [0, *(match.end() for match in _NEW_LINE.finditer(text))]


def _without_marks(inline: Token) -> str:
    words = (" " if child.type in _BREAKS else child.content for child in inline.children or () if child.type in _SAID)
    return " ".join("".join(words).split())
