"""What was probably quoted: the passage of documents that is nearest to a quote that stands in none of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Set

from tradespace.folding import fold_places, folded
from tradespace.types import Evidence

COMMON_RUN = 5
"""Characters of the runs that a quote and a passage are compared by."""
LEAST_COMMON = 0.5
"""Share of the quote's runs that a passage must have to be suggested."""
LONGEST_NEAR = 1.5
"""How long a passage may be, in lengths of the quote: words may be missing in it."""
MOST_LOOKED_THROUGH = 1_000_000
"""Characters that are looked through, so that the time is bounded."""
LONGEST_WORD = 30
_WORD_BEFORE, _WORD_BEHIND = re.compile(r"\w*\Z"), re.compile(r"\w*")


def nearest_passage(quote: str, texts: Iterable[tuple[str, str]]) -> Evidence | None:
    """The passage of about a quote's length that has the most of its runs of five characters; None where it has few.

    The texts, each with the id of its document, are looked through in order, up to a million characters of them. White
    space, letter case, quotation marks and dashes don't count. A passage begins and ends with whole words.

    >>> found = nearest_passage("returned in 30 days", [("a.md", "A purchase may be returned within 30 days.")])
    >>> found.text, found.start
    ('returned within 30 days', 18)
    """
    sought = folded(quote)
    runs = {sought[start : start + COMMON_RUN] for start in range(len(sought) - COMMON_RUN + 1)}
    most, left = 0, MOST_LOOKED_THROUGH
    found: tuple[str, str, int, int] | None = None
    for name, whole in texts:
        text = whole[:left]
        left -= len(text)
        common, start, end = _densest(folded(text), runs, int(LONGEST_NEAR * len(sought)))
        if common > most:
            most, found = common, (name, text, start, end)
    return None if found is None or most < LEAST_COMMON * len(runs) else _in_whole_words(*found)


def _densest(text: str, runs: Set[str], length: int) -> tuple[int, int, int]:
    """How many of the runs the part of a text has that has the most, and where it is; it is no longer than `length`."""
    hits = [start for start in range(len(text) - COMMON_RUN + 1) if text[start : start + COMMON_RUN] in runs]
    best, first = (0, 0, 0), 0
    within: Counter[str] = Counter()
    for hit in hits:
        within[text[hit : hit + COMMON_RUN]] += 1
        while hit + COMMON_RUN - hits[first] > length or within[text[hits[first] : hits[first] + COMMON_RUN]] > 1:
            within -= Counter([text[hits[first] : hits[first] + COMMON_RUN]])
            first += 1
        if len(within) > best[0]:
            best = (len(within), hits[first], hit + COMMON_RUN)
    return best


def _in_whole_words(name: str, text: str, start: int, end: int) -> Evidence:
    """The characters of a document that are `start:end` when it is folded, with the rest of their words."""
    places = fold_places(text)
    first, last = places[start], places[end - 1] + 1
    before = _WORD_BEFORE.search(text, max(0, first - LONGEST_WORD), first)
    behind = _WORD_BEHIND.match(text, last, last + LONGEST_WORD)
    first -= len(before[0]) if before else 0
    last += len(behind[0]) if behind else 0
    return Evidence(name, text[first:last], first)
