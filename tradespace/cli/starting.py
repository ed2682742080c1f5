"""`tradespace init`."""

from __future__ import annotations

import os
from pathlib import Path

from tradespace.data import Source, load
from tradespace.errors import InputError
from tradespace.search_space.naming import as_name
from tradespace.search_space.starter import starter

MOST_QUESTIONS = 200
"""Questions in each split of a starting YAML; fewer where there are not enough."""


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
    file.write_text(_starter(file, questions, documents), encoding="utf-8")
    return f"Wrote {file}. Next: tradespace check {file}, then tradespace explore {file}"


def _starter(file: Path, questions: Path | None, documents: Path | None) -> str:
    if questions is None or documents is None:
        return starter(as_name(file.stem))
    found = load(Source(questions=str(questions.absolute()), documents=str(documents.absolute())))
    half = min(MOST_QUESTIONS, len(found.questions) // 2)
    return starter(as_name(file.stem), _seen_from(file, questions), _seen_from(file, documents), half)


def _seen_from(file: Path, path: Path) -> Path:
    """The path as it is written in a file, whose folder it starts from."""
    return Path(os.path.relpath(path, file.parent))
