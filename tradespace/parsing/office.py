"""What Word and PowerPoint files share: both are ZIP archives, which are tried before anything else reads them."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from tradespace.errors import FileError
from tradespace.files import parsing

MOST_UNPACKED_BYTES = 2**30
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def require_whole_archive(content: bytes, kind: str, where: str) -> None:
    """Unpack an archive piece by piece, and keep nothing: then it may be read as a whole.

    Raises:
        FileError: it is none, cut off, damaged, encrypted, or unfolds to too much.
    """
    if content.startswith(_OLD_OFFICE):
        if _ENCRYPTED in content:
            raise FileError("must be readable without a password; it is encrypted: save it without one", where)
        raise FileError(f"must be {kind}; it is of the format before 2007: save it in the present one", where)
    with parsing(kind, where), _archive(content) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MOST_UNPACKED_BYTES:
            message = f"must unfold to at most {MOST_UNPACKED_BYTES:,} bytes; it unfolds to {unpacked:,}. Split it"
            raise FileError(message, where)
        if damaged := archive.testzip():
            raise BadZipFile(f"{damaged} in it is damaged")


def _archive(content: bytes) -> ZipFile:
    try:
        return ZipFile(BytesIO(content))
    except BadZipFile:
        raise BadZipFile("it is no ZIP archive, or it is cut short") from None


def table_text(rows: Iterable[Iterable[str]]) -> str:
    """A line for each row that has words, with ` | ` between its cells."""
    lines = ([" ".join(cell.split()) for cell in row] for row in rows)
    return "\n".join(" | ".join(cells) for cells in lines if any(cells))
