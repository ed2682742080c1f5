"""`tradespace init`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tradespace.data import Source, load_dataset
from tradespace.data.answers import answer_profile
from tradespace.errors import InputError
from tradespace.explorer.advice import advise
from tradespace.search_space.autorag.page import translated
from tradespace.search_space.naming import as_name
from tradespace.search_space.starter import Choice, starter


def write_starter(
    file: Path,
    questions: Path | None,
    documents: Path | None,
    configuration: Sequence[Path] = (),
    *,
    force: bool,
) -> str:
    """Write a commented starting YAML, or the nearest to AutoRAG's configuration, and say what to do next.

    Raises:
        InputError: the file exists, only one of questions and documents was given, no measure can score them, or the
            configuration is none.
    """
    if file.exists() and not force:
        raise InputError(f"{file} exists. Name another file, or replace it with --force")
    if (questions is None) is not (documents is None):
        raise InputError("your own data needs both --questions and --documents")
    own = None if questions is None or documents is None else (questions, documents)
    text, told = _translated(file, configuration, own) if configuration else _started(file, own)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return "\n".join([*told, f"Wrote {file}. Next: tradespace check {file}, then tradespace explore {file}"])


def _started(file: Path, own: tuple[Path, Path] | None) -> tuple[str, list[str]]:
    """A space to start from, and why it is this one."""
    if own is None:
        return starter(as_name(file.stem)), []
    choice = _chosen(*own)
    questions, documents = (_seen_from(file, path) for path in own)
    text = starter(as_name(file.stem), questions, documents, choice)
    return text, ["Chosen for these questions:", *(f"  {reason}" for reason in choice.reasons)]


def _translated(file: Path, configuration: Sequence[Path], own: tuple[Path, Path] | None) -> tuple[str, list[str]]:
    """A space out of AutoRAG's configuration, and what of it has no counterpart."""
    folder = next((folder for one in configuration for folder in _data_folders(one) if _holds_data(folder)), None)
    data: dict[str, str | int] = {"dataset": "wikipedia"}
    if own:
        data = dict(zip(("questions", "documents"), (str(_seen_from(file, path)) for path in own), strict=True))
        data |= _splits(_chosen(*own))
    elif folder:
        dataset = load_dataset(str(folder.absolute()))
        data = {"dataset": str(_seen_from(file, folder)), **_splits(advise(dataset, answer_profile(dataset)))}
    found = translated(configuration, as_name(file.stem), data)
    told = ["Not, or not in the same way, taken over:", *(f"  {remark}" for remark in found.remarks)]
    missing = "No qa.parquet and corpus.parquet lie beside the configuration: name your data in the section `data`."
    return found.text, [*(told if found.remarks else []), *([] if own or folder else [missing])]


def _data_folders(configuration: Path) -> tuple[Path, ...]:
    """Where AutoRAG's projects keep their questions and documents."""
    return configuration.parent, configuration.parent / "data", configuration.parent.parent / "data"


def _holds_data(folder: Path) -> bool:
    return all((folder / name).is_file() for name in ("qa.parquet", "corpus.parquet"))


def _splits(choice: Choice) -> dict[str, int]:
    return {"explore": choice.explore, "confirm": choice.confirm}


def _chosen(questions: Path, documents: Path) -> Choice:
    """What fits the data."""
    source = Source(questions=str(questions.absolute()), documents=str(documents.absolute()))
    dataset = load_dataset(source)
    return advise(dataset, answer_profile(dataset))


def _seen_from(file: Path, path: Path) -> Path:
    """The path as it is written in a file, whose folder it starts from."""
    return Path(os.path.relpath(path, file.parent))
