"""The file of generated questions, and the folder beside it that keeps the calls.

questions.jsonl              the questions, to be read and edited
questions.jsonl.calls/       what was called for them, so that nothing is paid for twice
    ledger.sqlite            every call
    artefacts/               built indexes
    versions.txt             digests of the file as it was written, to tell whether anybody edited it since
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from tradespace.addresses import file_digest
from tradespace.data.question_files import question_lines
from tradespace.errors import InputError
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.databases import open_ledger
from tradespace.files import write_whole
from tradespace.types import Question


@dataclass(frozen=True)
class QuestionOutput:
    """Where generated questions are written."""

    file: Path

    @property
    def folder(self) -> Path:
        """What is kept beside the file."""
        return self.file.with_name(f"{self.file.name}.calls")

    @property
    def artefacts(self) -> Path:
        """Where built indexes are kept."""
        return self.folder / "artefacts"

    @cached_property
    def ledger(self) -> Ledger:
        """Every call that was made for the questions."""
        return open_ledger(self.folder / "ledger.sqlite")

    def require_unedited(self) -> None:
        """Make sure that nobody's work would be overwritten.

        Raises:
            InputError: the file is there, and is not as it was written here.
        """
        if self.file.exists() and file_digest(self.file) not in self._known:
            raise InputError(
                f"{self.file} exists, and was edited since questions were generated into it, or comes from elsewhere. "
                "Name another file with --out, or replace it with --force"
            )

    def write(self, questions: Sequence[Question]) -> None:
        """Write the questions, whole or not at all; no file where there are none.

        Raises:
            OSError: they cannot be written.
        """
        if not questions:
            return
        text = question_lines(questions)
        with self._versions.open("a", encoding="utf-8") as versions:  # first, so that a killed run knows its own file
            versions.write(f"{sha256(text.encode()).hexdigest()}\n")
        write_whole(self.file, text)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes from generating into the same file.

        Raises:
            InputError: one does.
        """
        from filelock import FileLock, Timeout

        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / ".lock", timeout=0)
        try:
            with lock:
                yield
        except Timeout:
            raise InputError(
                f"another process generates questions into {self.file}. Wait for it, or name another file with --out"
            ) from None

    @property
    def _versions(self) -> Path:
        return self.folder / "versions.txt"

    @property
    def _known(self) -> list[str]:
        return self._versions.read_text(encoding="utf-8").split() if self._versions.exists() else []
