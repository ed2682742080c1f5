"""`tradespace init`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tradespace.commands.guesses import guesses
from tradespace.data import Source, dataset_names
from tradespace.data.answers import answer_profile
from tradespace.data.guessed_source import guessed_source
from tradespace.data.readers import columns_of
from tradespace.data.readers.columns import GROUPS
from tradespace.errors import Fault, InputError
from tradespace.explorer.advice import advise
from tradespace.files import expanded
from tradespace.search_space.autorag.page import translated
from tradespace.search_space.naming import as_name
from tradespace.search_space.starter import Choice, starter

NAMED_DOCUMENTS = 20


@dataclass(frozen=True)
class OwnData:
    """A user's data: a dataset, or questions and documents; nothing where the bundled data are wanted.

    Attributes:
        dataset: path of a dataset in any format that is read, or the name of a bundled one.
        questions: path of a file of questions.
        documents: path of documents.
    """

    dataset: str | None = None
    questions: Path | None = None
    documents: Path | None = None

    @property
    def source(self) -> Source | None:
        """Where they are; None where nothing is named.

        Raises:
            InputError: only one of questions and documents is named, or a dataset beside them.
        """
        paths = [str(path) for path in (self.questions, self.documents) if path is not None]
        if self.dataset is not None and paths:
            raise InputError("your own data are either a --dataset, or --questions with --documents")
        if self.documents is not None and self.questions is None:
            raise InputError(
                "your own data needs --questions with --documents, or a --dataset that holds both. Where there are no "
                "questions, let some be written, and read them: "
                f"tradespace data generate --documents {self.documents} --questions 200"
            )
        if len(paths) == 1:
            raise InputError("your own data needs both --questions and --documents, or a --dataset that holds both")
        if self.dataset is not None:
            return Source(self.dataset)
        return Source(questions=paths[0], documents=paths[1]) if paths else None


def write_starter(file: Path, data: OwnData, configuration: Sequence[Path] = (), *, force: bool) -> str:
    """Write a commented starting YAML, or the nearest to AutoRAG's configuration, and say what to do next.

    Raises:
        InputError: the file exists, the data are not wholly named or cannot be read, no measure can score them, or the
            configuration is none.
    """
    if file.is_dir():
        named = f"tradespace init space.yaml --dataset {file}"
        raise InputError(f"{file} is a folder, and must be the file to write. To start from the data in it: {named}")
    if file.exists() and not force:
        raise InputError(f"{file} exists. Name another file, or replace it with --force")
    source = data.source
    text, told = _translated(file, configuration, source) if configuration else _started(file, source)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return "\n".join([*told, f"Wrote {file}. Next: tradespace check {file}, then tradespace explore {file}"])


def _started(file: Path, source: Source | None) -> tuple[str, list[str]]:
    """A space to start from, and why it is this one."""
    if source is None:
        return starter(as_name(file.stem)), []
    chosen = _chosen(file, source)
    text = starter(as_name(file.stem), chosen.section, chosen.choice)
    reasons = (f"  {reason}" for reason in chosen.choice.reasons)
    return text, [*chosen.told, "Chosen for these questions:", *reasons]


def _translated(file: Path, configuration: Sequence[Path], source: Source | None) -> tuple[str, list[str]]:
    """A space out of AutoRAG's configuration, and what of it has no counterpart."""
    folder = next((folder for one in configuration for folder in _data_folders(one) if _holds_data(folder)), None)
    if source is None and folder:
        source = Source(str(folder.absolute()))
    chosen = _chosen(file, source) if source else None
    data = {**chosen.section, **_splits(chosen.choice)} if chosen else {"dataset": "wikipedia"}
    found = translated(configuration, as_name(file.stem), data)
    told = ["Not, or not in the same way, taken over:", *(f"  {remark}" for remark in found.remarks)]
    missing = "No qa.parquet and corpus.parquet lie beside the configuration: name your data in the section `data`."
    return found.text, [*(told if found.remarks else []), *(chosen.told if chosen else [missing])]


def _data_folders(configuration: Path) -> tuple[Path, ...]:
    """Where AutoRAG's projects keep their questions and documents."""
    return configuration.parent, configuration.parent / "data", configuration.parent.parent / "data"


def _holds_data(folder: Path) -> bool:
    return all((folder / name).is_file() for name in ("qa.parquet", "corpus.parquet"))


def _splits(choice: Choice) -> dict[str, int]:
    return {"explore": choice.explore, "confirm": choice.confirm}


@dataclass(frozen=True)
class _Chosen:
    """A user's data, and what fits them.

    Attributes:
        section: what the file says of them in its section `data`, without the splits.
        told: what of that was guessed, and which documents are left out, in words.
        choice: what fits.
    """

    section: Mapping[str, Any]
    told: Sequence[str]
    choice: Choice


def _chosen(file: Path, source: Source) -> _Chosen:
    """The data as the file is to name them: its paths start from its folder."""
    guessed = guessed_source(replace(source, unreadable="skip"))
    found, dataset, unread = guessed.source, guessed.reading.required(), guessed.reading.unread
    paths = {"dataset": found.dataset, "questions": found.questions, "documents": found.documents}
    named = {name: _seen_from(file, path) for name, path in paths.items() if path is not None}
    called = columns_of(found.columns)
    columns = {**called.named(), **({GROUPS: list(called.groups)} if called.groups else {})}
    skipping = {"unreadable": "skip"} if unread else {}
    section = {**named, **skipping, **({"columns": columns} if columns else {})}
    guessed_lines = guesses(source, found, lambda path: _seen_from(file, path))
    heading = ["Guessed, and said in the section `data` of the file; correct it there if it is wrong:"]
    told = [*(heading + guessed_lines if guessed_lines else []), *_left_out(unread)]
    return _Chosen(section, told, advise(dataset, answer_profile(dataset)))


def _left_out(unread: Sequence[Fault]) -> list[str]:
    """The documents that the file says to go on without."""
    if not unread:
        return []
    named = [f"  {fault}" for fault in unread[:NAMED_DOCUMENTS]]
    more = [f"  and {len(unread) - NAMED_DOCUMENTS:,} more"] if len(unread) > NAMED_DOCUMENTS else []
    return ["These cannot be read, and the file says to go on without them (`unreadable: skip`):", *named, *more]


def _seen_from(file: Path, path: str) -> str:
    """A path as it is written in a file, whose folder it starts from; the name of a bundled dataset as it is."""
    if path in dataset_names():
        return path
    seen = os.path.relpath(expanded(path), file.parent)
    return f"./{seen}" if seen in dataset_names() else seen
