"""What bytes that are not UTF-8 seem to be."""

from __future__ import annotations

import codecs

from tradespace.files import decoded

_FEWEST_BYTES = 64
"""Of fewer, a guess is no better than chance."""
_SAMPLED_BYTES = 50_000
_GUESSED = (
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r"),
    *("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "iso8859_2", "cp437", "cp866"),
)
"""What people's files are in, where they are not UTF-8."""
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def seeming_encoding(content: bytes) -> str:
    """The encoding that bytes seem to be in, as `iconv` calls it; empty where that cannot be told."""
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return ""
    if len(content) < _FEWEST_BYTES:
        return ""
    match = from_bytes(content[:_SAMPLED_BYTES], cp_isolation=list(_GUESSED)).best()
    return match.encoding.replace("_", "-").upper() if match else ""


def utf8_text(content: bytes, where: str) -> str:
    """Bytes as UTF-8; a byte order mark is dropped.

    Raises:
        FileError: they are something else; the message says what they seem to be, and how to convert them.
    """
    return decoded(content, where, seeming_encoding)


def marked_encoding(content: bytes) -> str:
    """The encoding that a byte order mark at the beginning names; empty where there is none."""
    return next((name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), "")
