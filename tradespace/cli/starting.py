"""`tradespace init`."""

from __future__ import annotations

from pathlib import Path

from tradespace.errors import InputError
from tradespace.search_space.starter import starter


def write_starter(file: Path, questions: Path | None, documents: Path | None, *, force: bool) -> str:
    """Write a commented starting YAML and say what to do next.

    Raises:
        InputError: the file exists, or only one of questions and documents was given.
    """
    if file.exists() and not force:
        raise InputError(f"{file} exists. Name another file, or replace it with --force")
    if (questions is None) is not (documents is None):
        raise InputError("your own data needs both --questions and --documents")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(starter(file.stem, questions=questions, documents=documents), encoding="utf-8")
    return f"Wrote {file}. Next: tradespace check {file}, then tradespace explore {file}"
