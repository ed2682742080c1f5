"""Short texts: names, dates, phrases."""

from __future__ import annotations

import re
import string
from functools import lru_cache

from tradespace.components.answers.base import after_marker

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")


class SpanForm:
    """What follows the last marker, or else the whole text; its first line, without quotes and a final full stop."""

    def extract(self, text: str) -> str:
        marked = after_marker(text)
        given = (text if marked is None else marked).strip()
        return given.partition("\n")[0].strip(" \t\"'`*_}").removesuffix(".").strip(" \"'`*_")

    def same(self, left: str, right: str) -> bool:
        return words(left) == words(right)


# The same few answers are compared again and again, with each other and for every pipeline.
@lru_cache(maxsize=2**16)
def words(text: str) -> tuple[str, ...]:
    """Lower-case words without ASCII punctuation and English articles: SQuAD's normalisation, version 2.0.

    Rajpurkar, Jia and Liang 2018, "Know What You Don't Know: Unanswerable Questions for SQuAD", and `evaluate-v2.0.py`
    at https://rajpurkar.github.io/SQuAD-explorer/.

    >>> words("The Saxon-Garden, a park")
    ('saxongarden', 'park')
    """
    return tuple(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


SPAN = SpanForm()
