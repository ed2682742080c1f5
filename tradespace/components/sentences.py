"""Where sentences begin and end: punctuation followed by space and a capital, sparing abbreviations and initials.

Rule-based in the manner of Kiss & Strunk (2006), "Unsupervised Multilingual Sentence Boundary Detection", with a fixed
list in place of learned abbreviations. It needs no model and knows the character offsets of each sentence.
"""

from __future__ import annotations

import re
from itertools import pairwise

Offsets = tuple[int, int]
"""Character offsets into a text: first character, one past the last."""

_TITLES = "Mr Mrs Ms Dr Prof Rev Hon St Mt Ft Gen Col Capt Lt Sgt Maj Cmdr Adm Sen Rep Gov Pres"
_OTHERS = (
    "vs etc cf approx ca al No nos vol pp ed eds fig Figs Eq Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Inc Ltd"
)
_ABBREVIATION = re.compile(rf"\b(?:{'|'.join(f'{_TITLES} {_OTHERS}'.split())}|[A-Z]|e\.g|i\.e)\.$")
_BOUNDARY = re.compile(
    r"""
      (?<![.!?…]) [.!?…]++ ["'”’)\]]*+ \s++ (?=["'“‘(\[]*+[A-Z0-9À-Þ])   # the end of a sentence
    | [。！？]++ \s*+                                                     # the same, without a space
    | (?<!\s) (?:[^\S\n]*+\n){2} \s*+                                    # an empty line
    """,
    re.VERBOSE,
)
"""Runs of marks or of space are matched from their beginning and whole (`++`), or not at all: tried from each of their
characters, a megabyte of dots would take hours."""


def sentence_spans(text: str) -> list[Offsets]:
    """Return the spans of the sentences of `text`, in order, without the space between them.

    Every character that is not space lies in exactly one span. A text of nothing but space has none.

    >>> sentence_spans("Dr. No came. He left!")
    [(0, 12), (13, 21)]
    """
    cuts = [match.end() for match in _BOUNDARY.finditer(text) if not _abbreviated(text, match.start())]
    edges = [0, *cuts, len(text)]
    trimmed = (_trim(text, start, end) for start, end in pairwise(edges))
    return [(start, end) for start, end in trimmed if start < end]


def _abbreviated(text: str, stop: int) -> bool:
    return _ABBREVIATION.search(text[max(0, stop - 8) : stop + 1]) is not None


def _trim(text: str, start: int, end: int) -> Offsets:
    piece = text[start:end]
    return end - len(piece.lstrip()), start + len(piece.rstrip())
