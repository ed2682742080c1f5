"""Text that every encoding can hold. Imports nothing of the project: all rooms may use it."""

from __future__ import annotations


def encodable(text: str) -> str:
    """The text with halves of surrogate pairs that stand alone replaced by U+FFFD: they are in no encoding.

    >>> encodable("caf\\xe9 \\ud83d") == "caf\\xe9 \\ufffd"
    True
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
