"""`tradespace init`."""

from __future__ import annotations

import os
from pathlib import Path

from tradespace.data import Source, load_dataset
from tradespace.data.answers import answer_profile
from tradespace.errors import InputError
from tradespace.explorer.advice import advise
from tradespace.search_space.naming import as_name
from tradespace.search_space.starter import Choice, starter


def write_starter(file: Path, questions: Path | None, documents: Path | None, *, force: bool) -> str:
    """Write a commented starting YAML and say what to do next.

    Raises:
        InputError: the file exists, only one of questions and documents was given, or no measure can score them.
    """
    if file.exists() and not force:
        raise InputError(f"{file} exists. Name another file, or replace it with --force")
    if (questions is None) is not (documents is None):
        raise InputError("your own data needs both --questions and --documents")
    name, choice = as_name(file.stem), Choice()
    if questions is None or documents is None:
        text = starter(name)
    else:
        choice = _chosen(questions, documents)
        text = starter(name, _seen_from(file, questions), _seen_from(file, documents), choice)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    reasons = ["Chosen for these questions:", *(f"  {reason}" for reason in choice.reasons)] if choice.reasons else []
    return "\n".join([*reasons, f"Wrote {file}. Next: tradespace check {file}, then tradespace explore {file}"])


def _chosen(questions: Path, documents: Path) -> Choice:
    """What fits the data."""
    source = Source(questions=str(questions.absolute()), documents=str(documents.absolute()))
    dataset = load_dataset(source)
    return advise(dataset, answer_profile(dataset))


def _seen_from(file: Path, path: Path) -> Path:
    """The path as it is written in a file, whose folder it starts from."""
    return Path(os.path.relpath(path, file.parent))
