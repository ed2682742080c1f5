"""Text that every encoding can represent, and that commands no terminal. Imports nothing of the project: all rooms may
use it."""

from __future__ import annotations

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"}
_CONTROLS = _PICTURES | {0x7F: "␡"} | dict.fromkeys(range(0x80, 0xA0), "�")


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


def visible(text: str) -> str:
    r"""Text with its control characters shown, not obeyed: by them, data and models could command a terminal.

    >>> visible("the name\x1b]0;of the window\x07, and\ttwo\nlines")
    'the name␛]0;of the window␇, and\ttwo\nlines'
    """
    return text.translate(_CONTROLS)
