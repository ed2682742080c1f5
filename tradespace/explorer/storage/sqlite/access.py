"""How an SQLite file is opened that cannot be written: in an archive, on a read-only disk, in another user's folder."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from tradespace.components.store import writable


@dataclass(frozen=True)
class Access:
    """How a database is reached: whether it can be written, and whether it is an empty one that stands for a file that
    is not there.
    """

    url: URL
    writable: bool = False
    empty: bool = False


def access(path: Path) -> Access:
    """How to reach a database.

    One that cannot be written is read through its journal where there is one: what a killed writer left there counts.
    SQLite needs the journal's index (`-shm`) beside it, or the right to make one: without both, file and journal are
    copied to a temporary folder. One that is not there, in a folder where none can be made, is empty.
    """
    if not path.parent.is_dir() or _writable(path):
        return Access(URL.create("sqlite", database=str(path)), writable=True)
    if not path.exists():
        return Access(URL.create("sqlite", database=":memory:"), empty=True)
    journal, index = _beside(path, "-wal"), _beside(path, "-shm")
    if not journal.exists() or not journal.stat().st_size:
        return Access(_to_read(path, immutable="1"))
    if index.exists():
        return Access(_to_read(path))
    return Access(URL.create("sqlite", database=str(_copy(path))))


def _writable(path: Path) -> bool:
    return writable(path.parent) and (not path.exists() or os.access(path, os.W_OK))


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _to_read(path: Path, **options: str) -> URL:
    return URL.create("sqlite", database=path.absolute().as_uri(), query={"uri": "true", "mode": "ro", **options})


def _copy(path: Path) -> Path:
    """A copy of the file with its journal, until the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="tradespace-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for file in (path, _beside(path, "-wal")):
        shutil.copyfile(file, folder / file.name)
    return folder / path.name
