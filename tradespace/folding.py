"""Texts as they are compared where spelling must not count: quotations, and passages that were rewritten."""

from __future__ import annotations

from unicodedata import normalize

import regex

_UNSEEN = regex.compile(r"[\s\p{Default_Ignorable_Code_Point}]")
_QUOTATION_MARK = regex.compile(r"[\p{Quotation_Mark}`´′″]")
_DASH = regex.compile(r"\p{Dash}")


class _Folds(dict[int, str]):
    """By code point, what stands for a character in folded texts; found when it is first asked for."""

    def __missing__(self, code: int) -> str:
        alike = chr(code) if _QUOTATION_MARK.match(chr(code)) else normalize("NFKD", chr(code)).casefold()
        fold: str = _UNSEEN.sub("", _DASH.sub("-", _QUOTATION_MARK.sub("'", alike)))
        self[code] = fold
        return fold


_FOLDS = _Folds()


def folded(text: str) -> str:
    """A text without white space and unseen characters, in one letter case, spelling, quotation mark and dash.

    Each character is folded by itself, so that places in the text are known (`fold_places`). `é` is the same as one
    character and as two.

    >>> folded("“A  Purchase” –\\nwithin 30 days") == folded('"a purchase" - WITHIN 30 days')
    True
    """
    return text.translate(_FOLDS)


def fold_places(text: str) -> list[int]:
    """For each character of the folded text, the place in `text` of the character that it comes from.

    >>> fold_places("a ﬁn")
    [0, 2, 2, 3]
    """
    return [place for place, character in enumerate(text) for _ in _FOLDS[ord(character)]]
