"""A folder of built things (indexes, embeddings), each kept under its content address, built once, and checked.

Each carries the size and checksum of its files. What a disk, a copy or a cut transfer changed is noticed when it is
opened the first time in a process, and built again.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from zlib import crc32

CHECKSUMS = "checksums.json"
"""Beside the files of a built thing: the size and checksum of each, by name."""
BYTES_AT_ONCE = 2**20

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ArtefactStore:
    """Content-addressed folders below `root`. What is built is built aside and then renamed, by one process at a time;
    what a killed one left is taken over. Where nothing can be written, it is built in a temporary folder instead.
    """

    root: Path
    _checked: set[Path] = field(default_factory=set, repr=False, compare=False)

    def get(self, key: str, build: Callable[[Path], None], name: str) -> Path:
        """Return the folder for `key`; if it is not there or damaged, let `build` fill a new one.

        `name` says what it is, for the line that tells of damage.
        """
        folder = self.root / key
        if self._sound(folder):
            return folder
        if not writable(self.root):
            _tell_of_damage(folder, name)
            return self._elsewhere.get(key, build, name)
        with self._alone(key) as aside:
            if not self._sound(folder):  # another process may have built it meanwhile
                _tell_of_damage(folder, name)
                _build(aside, build)
                shutil.rmtree(folder, ignore_errors=True)
                aside.rename(folder)
        self._checked.add(folder)
        return folder

    def all(self, prefix: str, name: str) -> list[Path]:
        """The folders whose keys begin so. One that is damaged is thrown away where that is possible."""
        folders = sorted(self.root.glob(f"{prefix}*"))
        for folder in folders:
            if not self._sound(folder):
                self._throw_away(folder, name)
        here = [folder for folder in folders if folder in self._checked and folder.exists()]
        return here if writable(self.root) else here + self._elsewhere.all(prefix, name)

    def _throw_away(self, folder: Path, name: str) -> None:
        if not writable(self.root):
            _tell_of_damage(folder, name)
            return
        with self._alone(folder.name):
            if not self._sound(folder):
                _tell_of_damage(folder, name)
                shutil.rmtree(folder, ignore_errors=True)

    def _sound(self, folder: Path) -> bool:
        """Whether a folder is there as it was written; its files are read once."""
        if folder in self._checked:
            return folder.exists()
        sound = folder.exists() and damage_of(folder) is None
        if sound:
            self._checked.add(folder)
        return sound

    @contextmanager
    def _alone(self, key: str) -> Iterator[Path]:
        """Give the folder to build in, to one process at a time; the lock ends with the process, however that ends."""
        from filelock import FileLock

        self.root.mkdir(parents=True, exist_ok=True)
        aside = self.root / f".building-{key}"
        lock = FileLock(self.root / f"{aside.name}.lock")
        with lock:
            shutil.rmtree(aside, ignore_errors=True)  # left by a process that was killed
            try:
                yield aside
                Path(lock.lock_file).unlink(missing_ok=True)  # who still waits for it will find everything built
            finally:
                shutil.rmtree(aside, ignore_errors=True)

    @cached_property
    def _elsewhere(self) -> ArtefactStore:
        return ArtefactStore(Path(self._temporary.name))

    @cached_property
    def _temporary(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="tradespace-")


def _build(aside: Path, build: Callable[[Path], None]) -> None:
    """Fill a folder, and write down what must be found in it."""
    aside.mkdir()
    build(aside)
    (aside / CHECKSUMS).write_text(json.dumps({name: _measured(file) for name, file in _files(aside).items()}))


def _tell_of_damage(folder: Path, name: str) -> None:
    if folder.exists():
        log.warning("warning: %s in %s is built again: %s", name, folder, damage_of(folder))


def damage_of(folder: Path) -> str | None:
    """What is wrong with a built thing's files; None where all are as they were written."""
    try:
        written = dict(json.loads((folder / CHECKSUMS).read_bytes()))
        files = _files(folder)
        for name in sorted(written.keys() | files.keys()):
            if name not in files or name not in written:
                return f"{name} is {'missing' if name in written else 'not of it'}"
            if _measured(files[name]) != written[name]:
                return f"{name} is not what was written"
    except FileNotFoundError:
        return f"{CHECKSUMS} is missing"
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    except (ValueError, TypeError):
        return f"{CHECKSUMS} is not what was written"
    return None


def _files(folder: Path) -> dict[str, Path]:
    """The files of a built thing by name, without that of their checksums."""
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    return {name: files[name] for name in sorted(files) if name != CHECKSUMS}


def _measured(file: Path) -> list[int]:
    """Size in bytes and checksum of a file."""
    size = checksum = 0
    with file.open("rb") as opened:
        while block := opened.read(BYTES_AT_ONCE):
            size, checksum = size + len(block), crc32(block, checksum)
    return [size, checksum]


def writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or the folder itself where it is not there yet."""
    existing = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    return os.access(existing, os.W_OK | os.X_OK)
