"""Words in any script: what searching, comparing answers and looking at data have in common.

Chinese, Japanese, Thai, Lao, Khmer and Burmese are written without spaces between words. Where a text is cut there
needs no dictionary here: into characters to compare answers, into pairs of characters to search.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from unicodedata import normalize

import regex

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Bopomofo}ー\p{Line_Break=Complex_Context}"
"""Scripts without spaces. Line breaking of South East Asian scripts needs context for that reason (UAX #14)."""
_FOREIGN = regex.compile(
    r"[^\p{Latin}\p{Common}\p{Inherited}]|[[\p{ea=F}\p{ea=H}\p{ea=W}]--\p{So}]|[«»‹›„¿¡]", regex.VERSION1
)
"""What English is never written with: letters that are not Latin, wide forms, other languages' quotation marks."""
_IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}")
_CHARACTER = regex.compile(r"\X")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}_]+")
_LETTERS = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_LATIN_TERM = regex.compile(r"[\p{L}\p{M}\p{N}_]{2,}")
_RUNS = regex.compile(rf"([{_UNSPACED}]\p{{M}}*)+|[^{_UNSPACED}]+")
_PAIRED = regex.compile(rf"([{_UNSPACED}\p{{Hangul}}]\p{{M}}*)+|[^{_UNSPACED}\p{{Hangul}}]+")
_PAIRED_LETTER = regex.compile(rf"[{_UNSPACED}\p{{Hangul}}]")
_UNSPACED_LETTER = regex.compile(rf"[{_UNSPACED}]")


def is_foreign(text: str) -> bool:
    """Whether a text holds a letter or sign that English is never written with."""
    return _FOREIGN.search(text) is not None


def is_unspaced(text: str) -> bool:
    """Whether a text begins in a script that is written without spaces."""
    return _UNSPACED_LETTER.match(text) is not None


def canonical(text: str, *, foreign: bool | None = None) -> str:
    """One spelling of what reads alike: Unicode's NFKC without characters that are not seen, as in NFKC_Casefold.

    What may be English is only composed (NFC): in it, `10½` and `km²` stay what they are. Which of the two a text is
    taken for can be said; else its letters decide.

    >>> canonical("ＡＢＣ"), canonical("ｶﾞ"), canonical("10½")
    ('ABC', 'ガ', '10½')
    """
    foreign = is_foreign(text) if foreign is None else foreign
    return _IGNORABLE.sub("", normalize("NFKC", text)) if foreign else normalize("NFC", text)


def graphemes(text: str) -> list[str]:
    """A text's characters as its readers see them: a letter with its marks is one (UAX #29)."""
    return [match.group() for match in _CHARACTER.finditer(text)]


def script_runs(word: str) -> list[str]:
    """A word as runs of letters that are written without spaces, and of others.

    >>> script_runs("东京2020年")
    ['东京', '2020', '年']
    """
    return [match.group() for match in _RUNS.finditer(word)]


def text_words(text: str) -> tuple[str, ...]:
    """Every word in lower case, without punctuation; scripts without spaces are cut into characters.

    >>> text_words("The Saxon-Garden, in 2008."), text_words("北京2008年。")
    (('the', 'saxon', 'garden', 'in', '2008'), ('北', '京', '2008', '年'))
    """
    runs = (run for word in _LETTERS.findall(canonical(text).lower()) for run in script_runs(word))
    return tuple(piece for run in runs for piece in (graphemes(run) if is_unspaced(run) else [run]))


def search_terms(text: str) -> list[str]:
    """Lower-case words of two characters or more; of scripts without spaces, and of Korean, each pair of characters.

    Pairs that overlap, as Lucene's CJKAnalyzer makes them, find Chinese and Japanese words about as well as a
    dictionary does (Nie et al. 2000, "On the Use of Words and N-grams for Chinese Information Retrieval"). A letter
    and its marks belong together, so that Hindi's vowels end no word.

    >>> search_terms("A capital: 北京市, ภาษา")
    ['capital', '北京', '京市', 'ภา', 'าษ', 'ษา']
    """
    lowered = normalize("NFC", text.lower())
    if not is_foreign(lowered):
        return [match.group() for match in _LATIN_TERM.finditer(lowered)]
    words = map(canonical, _WORD.findall(lowered))
    return [term for word in words for match in _PAIRED.finditer(word) for term in _terms(match.group())]


def _terms(run: str) -> list[str]:
    if not _PAIRED_LETTER.match(run):
        return [run] if len(run) > 1 else []
    letters = graphemes(run)
    return [first + second for first, second in pairwise(letters)] or letters


def unspaced_share(texts: Iterable[str]) -> float:
    """Which share of all letters is of scripts without spaces, from 0 to 1; 0 where there are no letters."""
    letters = unspaced = 0
    for text in texts:
        letters += sum(map(str.isalpha, text))
        unspaced += 0 if text.isascii() else len(_UNSPACED_LETTER.findall(text))
    return min(1.0, unspaced / letters) if letters else 0.0
