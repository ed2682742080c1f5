from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Annotated, ClassVar

from pydantic import AliasChoices, BeforeValidator, Field

from tradespace import files
from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.groups import gold_of
from tradespace.data.readers.json_position import JSONPosition
from tradespace.data.readers.paragraphs import titled
from tradespace.data.readers.records import NumberedRecords, first_fields, records
from tradespace.data.readers.rows import RecordFields, as_records, checked_records
from tradespace.data.readers.text_files import noted, noted_text
from tradespace.errors import FileError
from tradespace.types import Document, Question

_PUBLISHED = re.compile(r'\s*\{\s*"Data"\s*:\s*\[')
_HELD_BACK = "<unk>"
"""The answer of the test split on Hugging Face."""


class _Answer(RecordFields):
    value: str = Field(default="", validation_alias=AliasChoices("value", "Value"))
    aliases: list[str] = Field(default_factory=list, validation_alias=AliasChoices("aliases", "Aliases"))
    type: str = Field(default="", validation_alias=AliasChoices("type", "Type"))

    @property
    def accepted(self) -> tuple[str, ...]:
        """The value and its aliases, each once."""
        return tuple(dict.fromkeys(text for text in (self.value, *self.aliases) if text not in ("", _HELD_BACK)))


class _Page(RecordFields):
    filename: str = Field(default="", validation_alias=AliasChoices("filename", "Filename"))
    title: str = Field(default="", validation_alias=AliasChoices("title", "Title"))
    context: str | None = Field(default=None, validation_alias=AliasChoices("wiki_context", "search_context"))


_Pages = Annotated[list[_Page], BeforeValidator(as_records)]


class _Asked(RecordFields):
    id: str = Field(validation_alias=AliasChoices("question_id", "QuestionId"))
    question: str = Field(validation_alias=AliasChoices("question", "Question"))
    answer: _Answer = Field(default=_Answer(), validation_alias=AliasChoices("answer", "Answer"))
    entity_pages: _Pages = Field(default_factory=list, validation_alias=AliasChoices("entity_pages", "EntityPages"))
    search_results: _Pages = Field(
        default_factory=list, validation_alias=AliasChoices("search_results", "SearchResults")
    )
    passed_over: ClassVar[frozenset[str]] = frozenset(
        {"question_source", "QuestionSource", "QuestionVerifiedEval", "QuestionPartOfVerifiedEval"}
    )

    @property
    def pages(self) -> Iterator[tuple[str, _Page]]:
        """Everything to read, with the folder of `evidence` that it is in."""
        yield from (("wikipedia", page) for page in self.entity_pages)
        yield from (("web", page) for page in self.search_results)


@dataclass(frozen=True)
class TriviaQA:
    """A file of TriviaQA's questions with the pages to read for them (`rc`), as published or from Hugging Face.

    Joshi et al. 2017, "TriviaQA: A Large Scale Distantly Supervised Challenge Dataset for Reading Comprehension". The
    published `qa/*.json` name files in the folder `evidence` beside `qa`; rows from Hugging Face hold their texts. A
    page, with its title as its first line, becomes a document `wikipedia/FILE` or `web/FILE`. Nobody marked where the
    answers stand: gold are the pages of a question in which an accepted answer occurs, any of which will do. The type
    of an answer is a group.
    """

    name: ClassVar[str] = "triviaqa"
    layout: ClassVar[str] = "qa/*.json of TriviaQA beside evidence/, or records with entity_pages and search_results"

    def detects(self, path: Path) -> bool:
        return {"question", "answer", "entity_pages"} <= first_fields(path) or _is_published(path)

    def read(self, path: Path) -> DatasetReading:
        draft = Draft(path.stem, self.name)
        numbered = _published(path, draft) if _is_published(path) else records(path, draft)
        pages = _PageReader(path.parent.parent / "evidence", draft)
        for number, row in checked_records(_Asked, numbered.rows, path, draft, numbered.place):
            place, accepted = numbered.place(path, number), row.answer.accepted
            read = [document for folder, page in row.pages if (document := pages.document(folder, page, place))]
            gold, alternatives = gold_of([[document.id for document in read if _holds(document.text, accepted)]])
            groups = (("type", row.answer.type),) if row.answer.type else ()
            question = Question(row.id, row.question, accepted, gold, gold_alternatives=alternatives, groups=groups)
            draft.questions.append((question, place))
        return draft.reading()


def _is_published(path: Path) -> bool:
    try:
        beginning = files.beginning(path) if path.suffix == ".json" else ""
    except FileError:
        return False
    return _PUBLISHED.match(beginning) is not None and '"QuestionId"' in beginning


def _published(path: Path, draft: Draft) -> NumberedRecords:
    """The questions of a published file, numbered from 0."""
    text = noted_text(path, draft) or ""
    value = noted(lambda: files.json_value(text, path), draft) if text else None
    position = JSONPosition(text)
    asked = value.get("Data") if isinstance(value, dict) else None
    return NumberedRecords(
        enumerate(asked if isinstance(asked, list) else ()),
        lambda file, number: lambda: f"{file}:{position.line(('Data', number))}",
    )


@dataclass
class _PageReader:
    """Adds pages to a draft as documents, each once, reading those that are files of their own."""

    evidence: Path
    draft: Draft
    _read: dict[str, Document | None] = field(default_factory=dict)
    _names: dict[Path, dict[str, Path]] = field(default_factory=dict)

    def document(self, folder: str, page: _Page, place: Place) -> Document | None:
        """The document that a page is; None, with a fault noted, where it cannot be read."""
        id = f"{folder}/{page.filename}"
        if id not in self._read:
            text = self._file_text(folder, page.filename, place) if page.context is None else page.context
            document = None if text is None else Document(id, titled(page.title, text), page.title)
            self._read[id] = document
            if document:
                self.draft.documents.append((document, place))
        return self._read[id]

    def _file_text(self, folder: str, name: str, place: Place) -> str | None:
        path, inside = PurePosixPath(name), self.evidence / folder
        if path.is_absolute() or ".." in path.parts:
            self.draft.fail(f"a page must be a file in {inside}; given: {name!r}", place())
            return None
        file = noted(lambda: self._file(inside / name), self.draft)
        if file is None:
            self.draft.warn(f"the page {str(inside / name)!r} is missing; it was left out", place())
            return None
        return noted_text(file, self.draft)

    def _file(self, file: Path) -> Path | None:
        """The file, or one whose name differs from its name in letter case or in Unicode's form alone: some do."""
        with files.reachable(file):
            if file.is_file():
                return file
            if file.parent not in self._names and file.parent.is_dir():
                self._names[file.parent] = {_plain(each.name): each for each in file.parent.iterdir() if each.is_file()}
        return self._names.get(file.parent, {}).get(_plain(file.name))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _holds(text: str, answers: tuple[str, ...]) -> bool:
    folded = text.casefold()
    return any(answer.casefold() in folded for answer in answers)
