"""Where data are and what their columns are called, where nobody says it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations
from pathlib import Path

from tradespace.data.column_guesses import LookedAt, first_records, guessed_documents, guessed_questions
from tradespace.data.load import Source, read_dataset
from tradespace.data.readers import DataColumns, DatasetReading
from tradespace.data.readers.record_folders import listed_records, record_files
from tradespace.errors import DataError, Fault
from tradespace.files import expanded, reachable

DOCUMENT_FOLDERS = ("documents", "docs", "corpus", "texts", "pages", "handbook", "knowledge", "data")
_UNCERTAIN = ("gold", "id", "document_id")
"""What is not guessed after all, where the data cannot be read with it."""


@dataclass(frozen=True)
class GuessedSource:
    """Data that can be read, with the paths and columns that were guessed, if any were.

    Attributes:
        source: paths start where they did.
        reading: what was read from there.
    """

    source: Source
    reading: DatasetReading


def guessed_source(source: Source) -> GuessedSource:
    """The source with its columns, where they are not called as usual.

    Data whose columns have their usual names are taken as they are, and so is every published format. A folder may also
    hold questions and documents under any names.

    Raises:
        DataError: the data cannot be read, whatever their columns are taken for.
    """
    first = _outcome(source)
    if isinstance(first, DatasetReading):
        return GuessedSource(source, first)
    for guess in _guesses(source):
        if guess != source and isinstance(reading := _outcome(guess), DatasetReading):
            return GuessedSource(guess, reading)
    raise DataError([*first.faults, *_hints(source)])


def _hints(source: Source) -> Iterator[Fault]:
    """What was looked for in the records of a dataset, and not found."""
    looked = _looked(source.dataset)
    columns = _columns(source) if looked else None
    wanted = {"question": "a question", "text": "the text of a document"}
    for name, meaning in wanted.items() if columns else ():
        if not getattr(columns, name):
            there = ", ".join(dict.fromkeys(str(column) for record in looked for column in record))
            yield Fault(
                f"no column looks like {meaning}; `columns: {{{name}: …}}` says which it is, of: {there}",
                str(source.dataset),
            )


def _outcome(source: Source) -> DatasetReading | DataError:
    """What is read, or what must be put right first."""
    try:
        reading = read_dataset(source)
        reading.required()
    except DataError as error:
        return error
    return reading


def _guesses(source: Source) -> Iterator[Source]:
    """The source with columns, and with paths, that it may have; likelier ones first."""
    for place in _places(source):
        columns = _columns(place)
        without = chain.from_iterable(combinations(_UNCERTAIN, size) for size in range(len(_UNCERTAIN) + 1))
        variants = dict.fromkeys(_unusual(columns, place, uncertain) for uncertain in without)
        yield from (replace(place, columns=variant) for variant in variants)


def _places(source: Source) -> Iterator[Source]:
    yield source
    if source.dataset is not None and (folder := expanded(source.dataset)).is_dir():
        yield from (replace(pair, unreadable=source.unreadable) for pair in _pairs(folder))


def _pairs(folder: Path) -> Iterator[Source]:
    """Questions and documents that lie in one folder under other names than usual."""
    with reachable(folder):
        subfolders = [each for each in sorted(folder.iterdir()) if each.is_dir() and not each.name.startswith(".")]
        tables = [*listed_records(folder), *(each for each in subfolders if record_files(each))]
    asked = [table for table in tables if guessed_questions(first_records(table)).question]
    others = [table for table in tables if table not in asked and guessed_documents(first_records(table)).text]
    texts = sorted((each for each in subfolders if each not in tables), key=_rank)
    for questions in asked:
        for documents in (*others, *texts):
            yield Source(questions=str(questions), documents=str(documents))


def _rank(folder: Path) -> int:
    """How likely a folder holds documents, by its name: the smaller the likelier."""
    return DOCUMENT_FOLDERS.index(folder.name) if folder.name in DOCUMENT_FOLDERS else len(DOCUMENT_FOLDERS)


def _columns(place: Source) -> DataColumns:
    """The guessed columns of questions and of documents."""
    asked = _looked(place.questions or place.dataset)
    questions = guessed_questions(asked)
    if place.dataset is not None:
        documents = guessed_documents(asked, set(questions.named().values()))
    else:
        documents = guessed_documents(_looked(place.documents))
    return replace(questions, document_id=documents.document_id, text=documents.text, title=documents.title)


def _looked(path: str | None) -> LookedAt:
    place = expanded(path) if path else None
    return first_records(place) if place and record_files(place) else []


def _unusual(columns: DataColumns, place: Source, uncertain: Collection[str]) -> DataColumns:
    """The columns without those that have their usual name, and without uncertain ones."""
    usual = {
        "answers": {"answers", "answer"},
        "document_id": {"document_id"} if place.dataset else {"document_id", "id", "_id"},
    }
    named = {
        name: column
        for name, column in columns.named().items()
        if name not in uncertain and column not in usual.get(name, {name})
    }
    return DataColumns(**named, groups=columns.groups)
