"""Text that every encoding can represent. Imports nothing of the project: all rooms may use it."""

from __future__ import annotations


def encodable(text: str) -> str:
    """The text with lone surrogates replaced by U+FFFD: no encoding can represent them.

    >>> encodable("caf\\xe9 \\ud83d") == "caf\\xe9 \\ufffd"
    True
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
