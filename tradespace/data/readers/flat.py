from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.columns import USUAL_COLUMNS, DataColumns, MappedReader
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.files import AskedRow, SeveralTexts
from tradespace.data.readers.mapped_rows import read_rows
from tradespace.data.readers.paragraphs import Paragraphs
from tradespace.data.readers.records import NumberedRecords, first_fields, records
from tradespace.types import Document


class _Row(AskedRow):
    text: SeveralTexts
    title: SeveralTexts = Field(default_factory=list)
    document_id: SeveralTexts = Field(default_factory=list)


@dataclass(frozen=True)
class FlatRecords(MappedReader):
    """Records that each hold a question and what is to be read for it, as many datasets of Hugging Face have them.

    Beside the columns of questions they have `text`: one text, or a list of them; and perhaps as many of `title` and
    `document_id`. Each text becomes a document, once. A text that stands alone is the gold document of its question; of
    several only those are gold that `gold` names.
    """

    name: ClassVar[str] = "records"
    layout: ClassVar[str] = "records with question and text in a file, or in a folder of Hugging Face's"

    def detects(self, path: Path) -> bool:
        fields = first_fields(path)
        return bool(fields) if self.columns != USUAL_COLUMNS else {"question", "text"} <= fields

    def read(self, path: Path) -> DatasetReading:
        draft = Draft(path.stem, self.name)
        add_flat_rows(records(path, draft), path, draft, self.columns)
        return draft.reading()


def add_flat_rows(numbered: NumberedRecords, file: Path, draft: Draft, columns: DataColumns) -> None:
    """Add the questions of records, and the texts of each as documents."""
    paragraphs = Paragraphs(draft)
    for number, row in read_rows(_Row, numbered, file, draft, columns):
        place = numbered.place(file, number)
        if problem := _unequal(row):
            draft.fail(problem, place())
        else:
            ids = dict.fromkeys(_add_texts(row, file.stem, paragraphs, place))
            gold = tuple(ids) if len(ids) == 1 else ()
            row.add_to(draft, place, f"{file.stem}/{number}", gold)


def _unequal(row: _Row) -> str:
    """What is wrong with titles and ids that do not belong to texts one by one; empty if nothing is."""
    texts = len(row.text)
    for name, given in (("title", row.title), ("document_id", row.document_id)):
        if given and len(given) != texts:
            return f"{name}: there must be one for each text; texts: {texts}, given: {len(given)}"
    return ""


def _add_texts(row: _Row, source: str, paragraphs: Paragraphs, place: Place) -> list[str]:
    """Add the texts as documents, and return their ids."""
    titles = row.title or [""] * len(row.text)
    if row.document_id:
        rows = zip(row.document_id, row.text, titles, strict=True)
        return [paragraphs.add(Document(id, text, title), place) for id, text, title in rows]
    return [paragraphs.id(title or source, text, place, title) for text, title in zip(row.text, titles, strict=True)]
