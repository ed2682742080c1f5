from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import AliasChoices, BeforeValidator, Field

from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.draft import Draft
from tradespace.data.readers.folders import Unreadable, add_documents
from tradespace.data.readers.loaded import LoadedDocuments
from tradespace.data.readers.rows import RecordFields, as_list, checked_records
from tradespace.data.readers.text_files import at, json_lines, noted_text, table_rows
from tradespace.types import Question

COLUMNS = ("question", "answers", "answer", "id", "gold")
SEPARATOR = "|"
DELIMITERS = (",", ";", "\t")


_Texts = Annotated[list[str], BeforeValidator(as_list)]


class _Asked(RecordFields):
    question: str
    answers: _Texts = Field(default_factory=list, validation_alias=AliasChoices("answers", "answer"))
    id: str | None = None
    gold: _Texts = Field(default_factory=list)


@dataclass(frozen=True)
class Files:
    """One's own data: a file of questions, and a folder of documents or documents that are at hand.

    The questions are `questions.jsonl` or `questions.csv` with the columns `question`, and optionally `answers` (or
    `answer`), `id` and `gold`. Several answers or gold documents are a list in JSONL, and separated by `|` in CSV. The
    documents are the files below `documents` that can be read (`tradespace.parsing`); a document's id is its path in
    that folder. The columns of a CSV are separated by commas, semicolons or tabs.

    Attributes:
        questions: the file of questions, if it is elsewhere.
        documents: the folder of documents, if it is elsewhere.
        unreadable: what becomes of data in which a document cannot be read.
        loaded: documents that are at hand, in the place of the folder.
    """

    questions: Path | None = None
    documents: Path | None = None
    unreadable: Unreadable = "refuse"
    loaded: LoadedDocuments | None = None

    name: ClassVar[str] = "files"
    layout: ClassVar[str] = "a folder with questions.jsonl or questions.csv, and documents/ with texts, HTML, PDF …"

    def detects(self, path: Path) -> bool:
        return any((path / f"questions{suffix}").is_file() for suffix in _TABLES)

    def read(self, path: Path) -> DatasetReading:
        draft = Draft(path.name, self.name)
        if self.loaded:
            self.loaded.add_to(draft)
        else:
            add_documents(self.documents or path / "documents", draft, self.unreadable)
        _add_questions(self.questions or _questions_in(path), draft)
        return draft.reading()


def read_questions(file: Path) -> tuple[Question, ...]:
    """The questions of a JSONL or CSV file such as `Files` reads, without documents.

    Raises:
        DataError: there is none, or something is wrong with one; the error carries every fault.
    """
    draft = Draft(file.name, Files.name)
    _add_questions(file, draft)
    return draft.questions_alone()


def _questions_in(folder: Path) -> Path:
    files = [folder / f"questions{suffix}" for suffix in _TABLES]
    return next((file for file in files if file.is_file()), files[0])


def _add_questions(file: Path, draft: Draft) -> None:
    if file.suffix.lower() not in _TABLES:
        draft.fail(f"a file of questions must end in {' or '.join(_TABLES)}", str(file))
        return
    records = _TABLES[file.suffix.lower()](file, draft)
    for line, row in checked_records(_Asked, records, file, draft):
        id = row.id or f"{file.stem}/{line}"
        question = Question(id, row.question, tuple(dict.fromkeys(row.answers)), tuple(dict.fromkeys(row.gold)))
        draft.questions.append((question, at(file, line)))


def _csv_records(file: Path, draft: Draft) -> Iterator[tuple[int, dict[str, Any]]]:
    text = noted_text(file, draft)
    if text is None:
        return
    rows = table_rows(text, file, draft, delimiter=_delimiter(text))
    line, names = next(rows, (1, []))
    header = [name.strip() for name in names]
    if not _is_header(header, f"{file}:{line}", draft):
        return
    for line, cells in rows:
        if len(cells) == len(header):
            yield line, {column: _cell(column, cell) for column, cell in zip(header, cells, strict=True)}
        else:
            draft.fail(
                f"a row must have as many cells as the header, {len(header)}; it has {len(cells)}", f"{file}:{line}"
            )


def _delimiter(text: str) -> str:
    """What separates the cells: a comma, or what Excel writes elsewhere, if only that makes `question` a column."""
    header = text.lstrip().partition("\n")[0]
    splits = {delimiter: [name.strip(' "\r') for name in header.split(delimiter)] for delimiter in DELIMITERS}
    return next((delimiter for delimiter, names in splits.items() if "question" in names), ",")


def _is_header(header: list[str], where: str, draft: Draft) -> bool:
    """Whether it names a question column, and each column once; what is wrong is noted."""
    if "question" not in header:
        valid = f"the first line must name the columns, 'question' among them; valid: {', '.join(COLUMNS)}"
        columns = ", ".join(header) or "nothing"
        draft.fail(f"{valid}; given: {columns}. Columns are separated by commas, semicolons or tabs", where)
        return False
    repeated = [name for name in dict.fromkeys(header) if header.count(name) > 1]
    for name in repeated:
        draft.fail(f"each column must have a name of its own; {name!r} is given {header.count(name)} times", where)
    return not repeated


def _cell(column: str, cell: str) -> str | list[str]:
    if column in ("answers", "answer", "gold"):
        return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]
    return cell


_TABLES = {".jsonl": json_lines, ".csv": _csv_records}
