from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import AliasChoices, BeforeValidator, Field

from tradespace.data.evidence import Quotation
from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.columns import USUAL_COLUMNS, DataColumns, MappedReader
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.folders import Unreadable
from tradespace.data.readers.groups import as_groups, gold_of
from tradespace.data.readers.loaded import LoadedDocuments
from tradespace.data.readers.mapped_rows import read_rows
from tradespace.data.readers.own_documents import add_own_documents
from tradespace.data.readers.record_folders import RECORD_SUFFIXES
from tradespace.data.readers.records import NumberedRecords, records
from tradespace.data.readers.rows import RecordFields, as_group_values, as_list
from tradespace.files import OPENERS
from tradespace.types import Question

SeveralTexts = Annotated[list[str], BeforeValidator(as_list)]


class AskedRow(RecordFields):
    """A question as people write it down."""

    question: str
    answers: SeveralTexts = Field(default_factory=list, validation_alias=AliasChoices("answers", "answer"))
    id: str | None = None
    gold: Annotated[list[list[str]], BeforeValidator(as_groups)] = Field(default_factory=list)
    evidence: Annotated[list[list[Quotation]], BeforeValidator(as_groups)] = Field(default_factory=list)
    groups: Annotated[Mapping[str, str], BeforeValidator(as_group_values)] = Field(default_factory=dict)
    generated: Annotated[bool, BeforeValidator(lambda given: given or False)] = False
    generated_by: str = ""

    def add_to(self, draft: Draft, place: Place, id: str, gold: tuple[str, ...] = ()) -> None:
        """Add the question to a draft: with `id` where it has none, with `gold` where it names no gold documents."""
        answers, groups = tuple(dict.fromkeys(self.answers)), tuple(self.groups.items())
        named, alternatives = gold_of(self.gold)
        asked = Question(self.id or id, self.question, answers, named or gold, gold_alternatives=alternatives)
        asked = replace(asked, groups=groups, generated=self.generated, generated_by=self.generated_by)
        draft.quote(asked.id, tuple(map(tuple, self.evidence)))
        draft.questions.append((asked, place))


@dataclass(frozen=True)
class Files(MappedReader):
    """One's own data: questions as records, and documents as files, as records, or at hand.

    The questions have the columns `question`, and optionally `answers` (or `answer`), `id`, `gold`, `evidence`,
    `groups`, `generated` and `generated_by`: in `questions.jsonl`, `.json`, `.csv`, `.parquet` … Several answers are a
    list, and separated by `|` in CSV; so are gold documents and pieces of evidence that are needed together, and a list
    in the list holds alternatives. The documents are the files below `documents` that can be read
    (`tradespace.parsing`), where a document's id is its path in that folder; or records with the columns `text`, and
    optionally `id` and `title`, in `documents.jsonl` … Either may be a dataset of Hugging Face, too: see
    `record_files`.

    Attributes:
        questions: where the questions are, if it is elsewhere.
        documents: where the documents are, if it is elsewhere.
        unreadable: what becomes of data in which a document cannot be read.
        loaded: documents that are at hand, in the place of others.
    """

    questions: Path | None = None
    documents: Path | None = None
    unreadable: Unreadable = "refuse"
    loaded: LoadedDocuments | None = None

    name: ClassVar[str] = "files"
    layout: ClassVar[str] = "a folder with questions.jsonl, .json or .csv, and documents/ with files or documents.jsonl"

    def detects(self, path: Path) -> bool:
        return bool(_records_named("questions", path))

    def read(self, path: Path) -> DatasetReading:
        draft = Draft(path.name, self.name)
        if self.loaded:
            self.loaded.add_to(draft)
        else:
            documents = [self.documents] if self.documents else _documents_in(path, draft)
            add_own_documents(documents, draft, self.columns.of_documents(), self.unreadable)
        questions = self.questions or _first_named("questions", path, draft) or path / "questions.jsonl"
        add_question_rows(records(questions, draft), questions, draft, self.columns)
        return draft.reading()


def read_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a file such as `Files` reads, without documents.

    Raises:
        DataError: there is none, or something is wrong with one; the error carries every fault.
    """
    draft = Draft(path.name, Files.name)
    add_question_rows(records(path, draft), path, draft, USUAL_COLUMNS)
    return draft.questions_alone()


def read_documents(path: Path, unreadable: Unreadable = "refuse") -> DatasetReading:
    """The documents of a folder or file such as `Files` reads, without questions, and what is wrong with them."""
    draft = Draft(path.name, Files.name)
    add_own_documents([path], draft, USUAL_COLUMNS.of_documents(), unreadable)
    return draft.documents_alone()


def add_question_rows(numbered: NumberedRecords, file: Path, draft: Draft, columns: DataColumns) -> None:
    """Add records as questions."""
    for number, row in read_rows(AskedRow, numbered, file, draft, columns):
        row.add_to(draft, numbered.place(file, number), f"{file.stem}/{number}")


def _documents_in(folder: Path, draft: Draft) -> list[Path]:
    """Where the documents of a dataset are: in a file of records, in a folder of files, or in both."""
    file, texts = _first_named("documents", folder, draft), folder / "documents"
    found = [file] if file else []
    return [*found, texts] if texts.is_dir() or not found else found


def _first_named(name: str, folder: Path, draft: Draft) -> Path | None:
    """The first of the files of records that have this name; None where there is none. Others are noted."""
    found = _records_named(name, folder)
    for other in found[1:]:
        draft.warn(f"only one file of {name} is read, {found[0].name}; this one was left out", str(other))
    return next(iter(found), None)


def _records_named(name: str, folder: Path) -> list[Path]:
    """The files of records in a folder that have this name, whatever their kind."""
    places = (folder / f"{name}{suffix}{packed}" for suffix in RECORD_SUFFIXES for packed in ("", *OPENERS))
    return [place for place in places if place.is_file()]
