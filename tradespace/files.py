"""The one place where users' files are read: data, recordings, search spaces.

Whatever a file turns out to be, and whatever a parser raises, becomes a `FileError` whose fault names file and line.
"""

from __future__ import annotations

import gzip
import json
import lzma
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from tradespace.errors import FileError

MOST_BYTES = 4 * 2**30
"""Larger files are refused before they are read, and compressed ones when they decompress to more."""
PIECE = 2**20
SHOWN_OF_ERRORS = 160
"""Characters: some parsers quote all that they did not understand."""

KINDS: Mapping[int, str] = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
OPENERS: Mapping[str, Any] = {".gz": gzip.open, ".xz": lzma.open}
"""How compressed files are opened, by the ends of their names."""

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x00\x05\x16\x07", "it is an AppleDouble file, which macOS writes beside the real one; delete it"),
    (b"\xff\xfe\x00\x00", "it is UTF-32; save it as UTF-8, for instance with: iconv -f UTF-32 -t UTF-8"),
    (b"\xff\xfe", "it is UTF-16; save it as UTF-8, for instance with: iconv -f UTF-16 -t UTF-8"),
    (b"\xfe\xff", "it is UTF-16; save it as UTF-8, for instance with: iconv -f UTF-16 -t UTF-8"),
    (
        b"PK\x03\x04",
        "it is a ZIP archive, as Word and Excel write; end its name in .docx or .pptx if it is one of these",
    ),
    (b"\xd0\xcf\x11\xe0", "it is an old Word or Excel file; export it as text"),
    (b"%PDF", "it is a PDF; its name must end in .pdf"),
    (b"\x1f\x8b", "it is compressed by gzip; unpack it"),
    (b"\xfd7zXZ", "it is compressed by xz; unpack it"),
    (b"PAR1", "it is a Parquet file; its name must end in .parquet"),
    (b"SQLite format 3", "it is an SQLite database; export it as text"),
)
"""Signatures of files that are not UTF-8 text, and what to do about them."""


@dataclass(frozen=True, slots=True)
class GivenAsFile:
    """Marks a setting of text that a YAML file may give as the path of a file: `Annotated[str, GivenAsFile("file")]`.

    Attributes:
        name: what is written instead of the setting's own name, followed by the path.
    """

    name: str


def expanded(path: str) -> Path:
    """The path with `~` and `~user` filled in.

    Raises:
        FileError: there is no such user.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise FileError("after ~ there must be nothing or a user of this machine", path) from None


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """The content of a file; of `.gz` and `.xz`, decompressed.

    Raises:
        FileError: it is no regular file, is larger than `most` bytes, or cannot be read or unpacked.
    """
    with reachable(path):
        check_regular(path, most)
        content = path.read_bytes()
    return _unpacked(content, path, most) if path.suffix in OPENERS else content


def beginning(path: Path) -> str:
    """The beginning of a file of any kind, as far as it is UTF-8; of `.gz` and `.xz`, decompressed.

    Raises:
        FileError: as `read_bytes`.
    """
    check_regular(path)
    opened = OPENERS.get(path.suffix, open)
    with reachable(path), parsing("a whole file", str(path)), opened(path, "rb") as file:
        return str(file.read(PIECE).decode("utf-8", "ignore"))


def check_regular(path: Path, most: int = MOST_BYTES) -> None:
    """Make sure that reading the path will terminate.

    Raises:
        FileError: it is no regular file, or is larger than `most` bytes.
    """
    with reachable(path):
        status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        kind = KINDS.get(stat.S_IFMT(status.st_mode), "something else")
        raise FileError(f"must be a regular file; it is {kind}", str(path))
    if status.st_size > most:
        raise _too_large(path, most, f"it has {status.st_size:,} bytes")


@contextmanager
def reachable(path: Path) -> Iterator[None]:
    """Turn an operating system error about a path into a fault.

    Raises:
        FileError: there is nothing, it may not be read, or no file can have that name.
    """
    try:
        yield
    except OSError as error:
        raise FileError(f"the file cannot be read ({error.strerror})", str(path)) from None
    except ValueError as error:  # a name that no file can have
        raise FileError(f"the file cannot be read ({error})", repr(str(path))) from None


def _unpacked(content: bytes, path: Path, most: int) -> bytes:
    with (
        parsing(f"a whole file compressed as {path.suffix}", str(path)),
        OPENERS[path.suffix](BytesIO(content)) as file,
    ):
        return b"".join(_pieces(file, path, most))


def _pieces(file: IO[bytes], path: Path, most: int) -> Iterator[bytes]:
    size = 0
    while piece := file.read(PIECE):
        size += len(piece)
        if size > most:
            raise _too_large(path, most, "it unfolds to more")
        yield piece


def _too_large(path: Path, most: int, measured: str) -> FileError:
    return FileError(f"a file must have at most {most:,} bytes; {measured}. Split it, or take a sample", str(path))


def read_text(path: Path, most: int = MOST_BYTES) -> str:
    """The text of a file. It must be UTF-8; a byte order mark is dropped.

    Raises:
        FileError: as `read_bytes`, or it is not UTF-8; the message says what it seems to be.
    """
    return decoded(read_bytes(path, most), str(path))


def decoded(content: bytes, where: str, seeming: Callable[[bytes], str] = lambda content: "") -> str:
    """The text of bytes that must be UTF-8; a byte order mark is dropped.

    Args:
        content: the bytes.
        where: the path of the file that they come from.
        seeming: what encoding others seem to be in, as `iconv` calls it; empty where it cannot tell.

    Raises:
        FileError: they are not UTF-8; the message says what they seem to be.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        advice = _advice(content, seeming)
        problem = f"the file must be UTF-8, and byte 0x{content[error.start]:02x} is not; {advice}"
        raise FileError(problem, f"{where}:{line}") from None
    if ("\x00" in text and text.count("\x00") > len(text) / 10) or content.startswith(MAGIC[0][0]):
        raise FileError(f"the file must be text, and holds zero bytes; {_advice(content, seeming)}", f"{where}:1")
    return text


def _advice(content: bytes, seeming: Callable[[bytes], str]) -> str:
    """What bytes that are not UTF-8 seem to be, and what to do."""
    for start, advice in MAGIC:
        if content.startswith(start):
            return advice
    zeros = content[0::2].count(0), content[1::2].count(0)
    if max(zeros) > len(content) / 8:
        order = "LE" if zeros[1] > zeros[0] else "BE"
        return f"it seems to be UTF-16; save it as UTF-8, for instance with: iconv -f UTF-16{order} -t UTF-8"
    encoding = seeming(content)
    seems = f"it seems to be {encoding}; " if encoding else ""
    return f"{seems}save it as UTF-8, for instance with: iconv -f {encoding or 'WINDOWS-1252'} -t UTF-8"


def json_value(text: str, path: Path, first_line: int = 1) -> Any:
    """Parse a text as JSON. NaN and infinities, which JSON lacks, are read as null.

    Args:
        text: the whole value.
        path: the file that it stands in.
        first_line: the line of the file that the text starts in.

    Raises:
        FileError: the text is something else, nested too deeply, names a field twice, or a number is too long.
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        cut = "; the file may be cut short" if not text[error.pos :].strip() or "Unterminated" in error.msg else ""
        message, line = f"must be one whole JSON value ({error.msg}){cut}", error.lineno
    except RecursionError:
        message, line = "the JSON value is nested too deeply", 1
    except ValueError as error:
        long = re.search(r"\d{4000}", text)
        message, line = f"cannot be read ({error})", text.count("\n", 0, long.start()) + 1 if long else 1
    raise FileError(message, f"{path}:{first_line + line - 1}")


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in fields if names.count(name) > 1)
        raise ValueError(f"the field {twice!r} is given twice; keep one")
    return fields


_DECODER = json.JSONDecoder(parse_constant=lambda _: None, object_pairs_hook=_fields)


@contextmanager
def parsing(what: str, where: str) -> Iterator[None]:
    """Turn whatever a third-party parser raises inside into a fault: that the file must be `what`.

    Raises:
        FileError: the parser raised.
    """
    try:
        yield
    except FileError:
        raise
    except RecursionError:
        raise FileError(f"must be {what}; it is nested too deeply", where) from None
    except Exception as error:  # noqa: BLE001 - parsers raise all sorts of things for damaged files
        said = str(error) or type(error).__name__
        shown = said if len(said) <= SHOWN_OF_ERRORS else f"{said[:SHOWN_OF_ERRORS]} …"
        raise FileError(f"must be {what} ({shown})", where) from None


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    aside = path.with_suffix(".tmp")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
