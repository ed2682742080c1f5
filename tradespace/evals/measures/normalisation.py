"""How answers are made comparable: the normalisation of SQuAD's official evaluation script, version 2.0.

Rajpurkar, Jia and Liang 2018, "Know What You Don't Know: Unanswerable Questions for SQuAD", and `evaluate-v2.0.py` at
https://rajpurkar.github.io/SQuAD-explorer/.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from functools import lru_cache

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")


# The same few answers are compared again and again, with each other and for every pipeline.
@lru_cache(maxsize=2**16)
def words(text: str) -> tuple[str, ...]:
    """Lower-case words without ASCII punctuation and English articles.

    >>> words("The Saxon-Garden, a park")
    ('saxongarden', 'park')
    """
    return tuple(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def accepted_words(answers: Sequence[str]) -> list[tuple[str, ...]]:
    """The words of each accepted answer that has any; where none has, only the empty answer is right."""
    return [words(answer) for answer in answers if words(answer)] or [()]
