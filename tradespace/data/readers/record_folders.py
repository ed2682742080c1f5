"""Which files of a folder hold its records: the layouts of Hugging Face's `datasets`, and of its hub."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradespace import files
from tradespace.data.readers.parquet import COLUMN_SUFFIXES
from tradespace.data.readers.text_files import file_kind
from tradespace.errors import FileError

RECORD_SUFFIXES = (".jsonl", ".json", ".csv", ".tsv", *COLUMN_SUFFIXES)
USUAL_SPLITS: Mapping[str, tuple[str, ...]] = {
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing", "eval", "evaluation"),
    "train": ("train", "training"),
}
"""The usual splits with the words that files name them by: of several, the first that is there is read. The answers of
published test splits are often held back."""
_DATA_FOLDER = "data"


@dataclass(frozen=True)
class RecordFiles:
    """Files that hold the records of one split of a dataset, in their order.

    Attributes:
        split: which it is; empty where the dataset is not split.
        others: the splits that are not read.
    """

    files: tuple[Path, ...]
    split: str = ""
    others: tuple[str, ...] = ()


def record_files(path: Path) -> RecordFiles | None:
    """The files that a path stands for: a file of records, a folder of them, or one split of such a folder.

    A folder is what `save_to_disk` wrote, or a copy of a dataset of the hub: files of a split are named after it
    (`train-00000-of-00002.parquet`), or are in a folder of its name. A split is also named by a path that is not there,
    `FOLDER/SPLIT`. None where there is nothing of the kind.
    """
    if path.is_dir():
        return _of_folder(path)
    if file_kind(path) in RECORD_SUFFIXES:
        return RecordFiles((path,))
    return None if path.exists() or not path.parent.is_dir() else _of_split(path)


def is_split(path: Path) -> bool:
    """Whether a path that is not there names a split of the folder above it."""
    return not path.exists() and file_kind(path) not in RECORD_SUFFIXES and record_files(path) is not None


def _of_folder(folder: Path) -> RecordFiles | None:
    if (folder / "dataset_dict.json").is_file():
        names = _setting(folder / "dataset_dict.json", "splits")
        return _chosen({name: _saved(folder / Path(name).name) for name in names if isinstance(name, str)})
    if (folder / "state.json").is_file():
        return RecordFiles(_saved(folder))
    return _chosen(_splits_of(folder))


def _of_split(path: Path) -> RecordFiles | None:
    split = next((split for split, words in USUAL_SPLITS.items() if path.name in words), "")
    found = _splits_of(path.parent).get(split)
    return RecordFiles(found, split) if split and found else None


def _chosen(splits: Mapping[str, tuple[Path, ...]]) -> RecordFiles | None:
    """One of the splits, with the names of the others."""
    filled = {name: each for name, each in splits.items() if each}
    if not filled:
        return None
    split = next((name for name in USUAL_SPLITS if name in filled), next(iter(filled)))
    return RecordFiles(filled[split], split, tuple(name for name in filled if name != split))


def _saved(folder: Path) -> tuple[Path, ...]:
    """The files of a dataset that was saved by `save_to_disk`."""
    listed = _setting(folder / "state.json", "_data_files")
    names = [each.get("filename") for each in listed if isinstance(each, Mapping)]
    return tuple(folder / Path(name).name for name in names if isinstance(name, str))


def _setting(file: Path, name: str) -> list[Any]:
    """A list out of a file of settings; empty where it has none."""
    try:
        settings = files.json_value(files.read_text(file), file)
    except FileError:
        return []
    value = settings.get(name) if isinstance(settings, Mapping) else None
    return value if isinstance(value, list) else []


def _splits_of(folder: Path) -> dict[str, tuple[Path, ...]]:
    """The record files of a dataset by their split: those of its only configuration, where they are in its folder."""
    if found := _by_split(folder):
        return found
    inside = [_by_split(each) for each in sorted(folder.iterdir()) if each.is_dir() and not each.name.startswith(".")]
    configurations = [each for each in inside if each]
    return configurations[0] if len(configurations) == 1 else {}


def _by_split(folder: Path) -> dict[str, tuple[Path, ...]]:
    """The record files of a folder by their split; all under an empty name where none says one."""
    gathered: dict[str, list[Path]] = {}
    for place in (folder, folder / _DATA_FOLDER):
        for file in listed_records(place):
            gathered.setdefault(_split_of(file.name), []).append(file)
        for words in USUAL_SPLITS.values():
            for word in words:
                gathered.setdefault(_split_of(word), []).extend(listed_records(place / word))
    unnamed = [file for file in gathered.pop("", []) if file_kind(file) in COLUMN_SUFFIXES]
    named = {split: _of_one_kind(each) for split, each in gathered.items() if each}
    return named or ({"": _of_one_kind(unnamed)} if unnamed else {})


def listed_records(folder: Path) -> Iterator[Path]:
    """The record files right in a folder, if it is one, in the order of their names."""
    if folder.is_dir():
        yield from (file for file in sorted(folder.iterdir()) if file_kind(file) in RECORD_SUFFIXES and file.is_file())


def _of_one_kind(found: list[Path]) -> tuple[Path, ...]:
    """Of files of several kinds those that take the least reading: Parquet and Arrow before text."""
    columns = [file for file in found if file_kind(file) in COLUMN_SUFFIXES]
    kind = file_kind((columns or found)[0])
    return tuple(file for file in found if file_kind(file) == kind)


def _split_of(name: str) -> str:
    """The split that the name of a file says; empty where it says none."""
    words = re.split(r"[^a-z]+", name.lower())
    return next((split for split, aliases in USUAL_SPLITS.items() if set(words) & set(aliases)), "")
