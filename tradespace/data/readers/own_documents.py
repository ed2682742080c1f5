"""One's own documents: records with their texts, or each file of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import AliasChoices, Field

from tradespace.data.readers.columns import DataColumns
from tradespace.data.readers.draft import Draft
from tradespace.data.readers.folders import Unreadable, add_documents
from tradespace.data.readers.mapped_rows import read_rows
from tradespace.data.readers.parquet import COLUMN_SUFFIXES
from tradespace.data.readers.records import NumberedRecords, found_records, records
from tradespace.data.readers.rows import RecordFields
from tradespace.data.readers.text_files import file_kind
from tradespace.errors import FileError
from tradespace.types import Document


class _Row(RecordFields):
    id: str | None = Field(default=None, validation_alias=AliasChoices("id", "document_id", "_id"))
    text: str
    title: str = ""


def add_own_documents(places: Sequence[Path], draft: Draft, columns: DataColumns, unreadable: Unreadable) -> None:
    """Add what is in files of records and in folders.

    Args:
        places: where the documents are; there is at least one.
        draft: takes them, and the faults.
        columns: what those of records are called.
        unreadable: what becomes of data in which a file of a folder cannot be read.
    """
    tables = [place for place in places if _holds_records(place)]
    if not tables and (named := columns.named()):
        draft.fail(
            f"`columns` names {min(named)}, and these documents are files, which have no columns", str(places[0])
        )
    for place in places:
        if place in tables:
            add_document_rows(records(place, draft), place, draft, columns)
        else:
            add_documents(place, draft, unreadable)


def add_document_rows(numbered: NumberedRecords, file: Path, draft: Draft, columns: DataColumns) -> None:
    """Add records as documents."""
    for number, row in read_rows(_Row, numbered, file, draft, columns):
        document = Document(row.id or f"{file.stem}/{number}", row.text, row.title)
        draft.documents.append((document, numbered.place(file, number)))


def _holds_records(path: Path) -> bool:
    """Whether a path is a file of records, or a folder of them in a binary format: others are folders of documents."""
    try:
        found = found_records(path).files
    except FileError:
        return False
    return not path.is_dir() or all(file_kind(file) in COLUMN_SUFFIXES for file in found)
