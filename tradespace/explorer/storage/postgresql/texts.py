"""Any text as PostgreSQL can keep it: it has no character of code 0."""

from __future__ import annotations

_ESCAPE = "\x1b"
_ZERO = "\x00"


def storable(text: str) -> str:
    r"""A text without a zero, that `original` reads back; one that has neither that nor an escape stays as it is.

    >>> storable("bm25"), storable("a\x00b")
    ('bm25', 'a\x1b0b')
    """
    if _ESCAPE not in text and _ZERO not in text:
        return text
    return text.replace(_ESCAPE, f"{_ESCAPE}1").replace(_ZERO, f"{_ESCAPE}0")


def original(stored: str) -> str:
    r"""The text that `storable` wrote.

    >>> original(storable("\x1b0 and \x00")) == "\x1b0 and \x00"
    True
    """
    if _ESCAPE not in stored:
        return stored
    return stored.replace(f"{_ESCAPE}0", _ZERO).replace(f"{_ESCAPE}1", _ESCAPE)
