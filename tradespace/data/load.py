"""Find a dataset by its name or path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tradespace.data.alike_names import alike_faults
from tradespace.data.bundled import BUNDLED
from tradespace.data.dataset import Dataset
from tradespace.data.identical import ignoring, warned
from tradespace.data.readers import (
    DATASET_READERS,
    KILT,
    USUAL_COLUMNS,
    DataColumns,
    DatasetReader,
    DatasetReading,
    Files,
    MappedReader,
    columns_of,
    is_kilt,
)
from tradespace.data.readers.folders import Unreadable
from tradespace.data.readers.loaded import LoadedDocuments
from tradespace.data.readers.record_folders import is_split
from tradespace.data.scripts import script_faults
from tradespace.errors import DataError, FileError, nearest
from tradespace.files import check_regular, expanded, reachable


@dataclass(frozen=True, slots=True)
class Source:
    """Where data is: a bundled dataset, a path in any format that is read, or questions and documents of one's own.

    Attributes:
        dataset: name of a bundled dataset, or a path.
        format: name of the reader, if it is not to be recognized from the files.
        questions: path of a file of questions (JSONL, JSON, CSV, Parquet …); with `documents`, instead of `dataset`.
        documents: path of a folder of files, or of a file of records.
        loaded: documents that are at hand, in the place of `documents`.
        unreadable: what becomes of data in which a document cannot be read: `refuse` or `skip`.
        ignore_identical: whether a question that is a document too, by its id or its text, must not find itself.
        columns: what the columns of questions and documents are called, as `DataColumns` or by the names of its fields.
    """

    dataset: str | None = None
    format: str | None = None
    questions: str | None = None
    documents: str | None = None
    ignore_identical: bool = False
    unreadable: Unreadable = "refuse"
    loaded: LoadedDocuments | None = None
    columns: DataColumns | Mapping[str, Any] = USUAL_COLUMNS


def dataset_names() -> tuple[str, ...]:
    """Names of the bundled datasets."""
    return tuple(BUNDLED)


def format_names() -> tuple[str, ...]:
    """Names of the formats that can be read."""
    return tuple(reader.name for reader in DATASET_READERS)


def load_dataset(source: Source | str, base_folder: Path = Path()) -> Dataset:
    """Load a dataset; relative paths start at the base folder. Harmless faults are passed over: see `read_dataset`.

    Raises:
        DataError: nothing is there, the format is not recognized, or something fatal is wrong with the data; the error
            carries every fault.
    """
    return read_dataset(source, base_folder).required()


def read_dataset(source: Source | str, base_folder: Path = Path()) -> DatasetReading:
    """Read a dataset with everything that is wrong with it; relative paths start at the base folder.

    Raises:
        DataError: nothing is there, or the format is not recognized.
    """
    source = Source(source) if isinstance(source, str) else source
    try:
        reading = _read(source, base_folder)
    except FileError as error:
        raise DataError(error.faults) from None
    return with_warnings(reading, ignore_identical=source.ignore_identical)


def with_warnings(reading: DatasetReading, *, ignore_identical: bool = False) -> DatasetReading:
    """What was read, with what is suspicious about the whole of it."""
    data = reading.dataset
    suspicious = script_faults(data.documents, data.name) + alike_faults(data.documents)
    reading = replace(reading, faults=reading.faults + suspicious)
    return ignoring(reading) if ignore_identical else warned(reading)


def _read(source: Source, base_folder: Path) -> DatasetReading:
    columns = columns_of(source.columns)
    if source.dataset is None:
        return _own(source, columns, base_folder)
    if source.questions or source.documents or source.loaded:
        raise DataError(f"data is either a dataset or questions with documents; given: {source}")
    if source.dataset in BUNDLED and source.format is None:
        if columns != USUAL_COLUMNS:
            raise DataError(f"{source.dataset!r} is bundled and has columns of its own: leave `columns` out")
        return DatasetReading("bundled", BUNDLED[source.dataset]())
    path = _existing(source.dataset, base_folder)
    reader = _reader(path, source.format, columns)
    if isinstance(reader, Files):
        reader = replace(reader, unreadable=source.unreadable)
    return reader.read(path)


def _own(source: Source, columns: DataColumns, base_folder: Path) -> DatasetReading:
    if source.questions is None or (source.documents is None) is (source.loaded is None):
        raise DataError(f"data needs a dataset, or both questions and documents; given: {source}")
    if source.format not in (None, Files.name, KILT.name):
        valid = f"questions with documents have the format {Files.name!r} or {KILT.name!r}"
        raise DataError(f"{valid}; given: {source.format!r}")
    questions = _path(source.questions, base_folder)
    documents = None if source.documents is None else _path(source.documents, base_folder)
    folder, unsaid = questions.parent.resolve(), source.format is None and columns == USUAL_COLUMNS
    if source.format == KILT.name or (documents and unsaid and is_kilt(questions)):
        return KILT(questions, documents).read(folder)
    return Files(questions, documents, source.unreadable, source.loaded, columns=columns).read(folder)


def _path(name: str, base_folder: Path) -> Path:
    return base_folder / expanded(name)


def _existing(name: str, base_folder: Path) -> Path:
    path = _path(name, base_folder)
    with reachable(path):
        is_there = path.exists() or is_split(path)
    if not is_there:
        valid = nearest(name, dataset_names())
        raise DataError(f"no dataset is called {name!r}, and there is no path {str(path)!r}; {valid}, or a path")
    return path.resolve() if path.name in ("", "..") else path  # its last part is the dataset's name


def _reader(path: Path, format: str | None, columns: DataColumns) -> DatasetReader:
    if format is not None and format not in format_names():
        raise DataError(f"no format is called {format!r}; {nearest(format, format_names())}")
    readers = DATASET_READERS if columns == USUAL_COLUMNS else _with_columns(columns)
    if format is not None and format not in [reader.name for reader in readers]:
        names = ", ".join(reader.name for reader in readers)
        raise DataError(
            f"data in the format {format!r} have columns of their own: leave `columns` out, or read {names}"
        )
    with reachable(path):
        if path.exists() and not path.is_dir():
            check_regular(path)
        for reader in readers:
            if reader.name == format or (format is None and reader.detects(path)):
                return reader
    layouts = "; ".join(f"{reader.name}: {reader.layout}" for reader in readers)
    advice = (
        "Where columns are called otherwise, `columns` says how, and `tradespace init FILE --dataset PATH` guesses it"
    )
    raise DataError(f"the format of {str(path)!r} is not recognized. Valid: {layouts}. {advice}")


def _with_columns(columns: DataColumns) -> tuple[DatasetReader, ...]:
    """The readers of formats whose columns may be called otherwise, told these."""
    return tuple(replace(reader, columns=columns) for reader in DATASET_READERS if isinstance(reader, MappedReader))
