"""Short texts: names, dates, phrases."""

from __future__ import annotations

import re
import string
from functools import lru_cache
from typing import ClassVar

import regex

from tradespace.components.answers.base import JsonSchema, after_marker
from tradespace.segmentation import canonical, graphemes, is_foreign, is_unspaced, script_runs

_QUOTES = " \t\"'`*_“”‘’„«»‹›「」『』"
_FULL_STOP = re.compile(r"[.。．｡।]$")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_UNICODE_PUNCTUATION = regex.compile(rf"[\p{{P}}{re.escape(string.punctuation)}]")
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_ARABIC_ARTICLE = "ال"


class SpanForm:
    """What follows the last marker, or else the whole text; its first line, without quotes and a final full stop."""

    schema: ClassVar[JsonSchema | None] = {"type": "string", "description": "a short text"}

    def extract(self, text: str) -> str:
        marked = after_marker(text)
        line = (text if marked is None else marked).strip().partition("\n")[0]
        return _FULL_STOP.sub("", line.strip(f"{_QUOTES}}}")).strip(_QUOTES)

    def same(self, left: str, right: str) -> bool:
        return normalised_words(left) == normalised_words(right)


# The same few answers are compared again and again, with each other and for every pipeline.
@lru_cache(maxsize=2**16)
def normalised_words(text: str) -> tuple[str, ...]:
    """What answers are compared by: words in lower case, without punctuation and articles, in any language.

    A text that English may be written with is treated as SQuAD's script does, version 2.0, to the letter: punctuation
    is ASCII's, articles are English (Rajpurkar, Jia and Liang 2018, "Know What You Don't Know: Unanswerable Questions
    for SQuAD", `evaluate-v2.0.py` at https://rajpurkar.github.io/SQuAD-explorer/).

    Any other text is treated as by the script of MLQA (Lewis et al. 2020, "MLQA: Evaluating Cross-lingual Extractive
    Question Answering", `mlqa_evaluation_v1.py` at https://github.com/facebookresearch/MLQA): all of Unicode's
    punctuation goes, and so does the Arabic article. English articles go too; those of other languages stay, as in
    XQuAD's evaluation: that a text is Spanish or German can't be told from a name. Chinese is cut into characters, and
    numbers and words within it stay whole: MLQA's and CMRC 2018's mixed segmentation (Cui et al. 2019, "A
    Span-Extraction Dataset for Chinese Machine Reading Comprehension"). Japanese, Thai, Lao, Khmer and Burmese are cut
    likewise, each letter with its marks.

    Texts that read alike are spelt alike before: Unicode's NFKC, in English NFC.

    >>> normalised_words("The Saxon-Garden, a park")
    ('saxongarden', 'park')
    >>> normalised_words("《北京》2008年。")
    ('北', '京', '2008', '年')
    """
    return words_as(text, foreign=is_foreign(text))


def words_as(text: str, *, foreign: bool) -> tuple[str, ...]:
    """The words of a text as `normalised_words` has them of texts that are `foreign` or not, whichever this one is: to
    look for a text in another, both must be treated alike.

    >>> words_as("24–10", foreign=False), words_as("24–10", foreign=True)
    (('24–10',), ('2410',))
    """
    lowered = canonical(text, foreign=foreign).lower()
    if foreign:
        plain = _UNICODE_PUNCTUATION.sub("", lowered).replace(_ARABIC_ARTICLE, " ")
    else:
        plain = lowered.translate(_PUNCTUATION)
    return tuple(piece for word in _ARTICLES.sub(" ", plain).split() for piece in _pieces(word))


def _pieces(word: str) -> list[str]:
    if not is_foreign(word):
        return [word]
    return [piece for run in script_runs(word) for piece in (graphemes(run) if is_unspaced(run) else [run])]


SPAN = SpanForm()
