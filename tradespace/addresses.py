"""Content addresses: digests of texts and files. Imports nothing of the project: all rooms may use it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AddedLater:
    """Marks a setting that a component did not have at first: `Annotated[int, AddedLater(was="1")]`.

    It is left out of content addresses as long as it is what everything was recorded with before, so that this stays
    valid. Its default may change: what it `was` does not.

    Attributes:
        was: what everything was recorded with before, as addresses spell it: `1`, `'text'`, `None`, `rrf(k=60)`.
    """

    was: str


def digest(texts: Iterable[str]) -> str:
    """SHA-256 over texts, in hexadecimal; each is preceded by its length, so that no two sequences collide."""
    state = hashlib.sha256()
    for text in texts:
        encoded = text.encode()
        state.update(len(encoded).to_bytes(8, "big"))
        state.update(encoded)
    return state.hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 over a file's bytes, in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def weights_of(model: str) -> str:
    """SHA-256 over the names and bytes of all files in a model's folder; empty where `model` is the id of a model that
    lies elsewhere. A file that did not change is read once.

    Raises:
        OSError: a file cannot be read.
    """
    folder = Path(model)
    files = sorted(file for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else []
    return (
        digest(text for file in files for text in (file.relative_to(folder).as_posix(), known_digest(file)))
        if files
        else ""
    )


def known_digest(file: Path) -> str:
    """The same as `file_digest`; a file that did not change is read once.

    Raises:
        OSError: it cannot be read.
    """
    status = file.stat()
    return _digest_of(file, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=4096)
def _digest_of(file: Path, _size: int, _modified: int) -> str:
    """The digest of a file as it was when it had this size and time: weights are large, and asked for often."""
    return file_digest(file)
