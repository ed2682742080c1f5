from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import AliasChoices, BeforeValidator, Field

from tradespace.data.readers.base import Reading
from tradespace.data.readers.draft import Draft
from tradespace.data.readers.rows import Row, checked
from tradespace.data.readers.text_files import at, json_lines, read_text, table
from tradespace.types import Document, Question

TEXT_SUFFIXES = (".md", ".markdown", ".txt")
COLUMNS = ("question", "answers", "answer", "id", "gold")
SEPARATOR = "|"


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_Texts = Annotated[list[str], BeforeValidator(_listed)]


class _Asked(Row):
    question: str
    answers: _Texts = Field(default_factory=list, validation_alias=AliasChoices("answers", "answer"))
    id: str | None = None
    gold: _Texts = Field(default_factory=list)


@dataclass(frozen=True)
class Files:
    """One's own data: a file of questions and a folder of documents.

    The questions are `questions.jsonl` or `questions.csv` with the columns `question`, and optionally `answers` (or
    `answer`), `id` and `gold`. Several answers or gold documents are a list in JSONL, and separated by `|` in CSV. The
    documents are the text and Markdown files below `documents`; a document's id is its path in that folder.

    Attributes:
        questions: the file of questions, if it is elsewhere.
        documents: the folder of documents, if it is elsewhere.
    """

    questions: Path | None = None
    documents: Path | None = None

    name: ClassVar[str] = "files"
    layout: ClassVar[str] = "a folder with questions.jsonl or questions.csv, and documents/ with .md or .txt files"

    def detects(self, path: Path) -> bool:
        return any((path / f"questions{suffix}").is_file() for suffix in _TABLES)

    def read(self, path: Path) -> Reading:
        draft = Draft(path.name, self.name)
        _add_documents(self.documents or path / "documents", draft)
        _add_questions(self.questions or _questions_in(path), draft)
        return draft.reading()


def _questions_in(folder: Path) -> Path:
    files = [folder / f"questions{suffix}" for suffix in _TABLES]
    return next((file for file in files if file.is_file()), files[0])


def _add_documents(folder: Path, draft: Draft) -> None:
    if not folder.is_dir():
        draft.fail("the documents must be in a folder; there is none here", str(folder))
    others = []
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        id = file.relative_to(folder).as_posix()
        if file.suffix.lower() not in TEXT_SUFFIXES:
            others.append(id)
        elif (text := read_text(file, draft)) is not None:
            draft.documents.append((Document(id, text, file.stem), at(file, 1)))
    if others:
        valid = ", ".join(TEXT_SUFFIXES)
        draft.warn(
            f"only {valid} files are read; {len(others)} others were left out, such as {others[0]!r}", str(folder)
        )


def _add_questions(file: Path, draft: Draft) -> None:
    if file.suffix.lower() not in _TABLES:
        draft.fail(f"a file of questions must end in {' or '.join(_TABLES)}", str(file))
        return
    records = _TABLES[file.suffix.lower()](file, draft)
    for line, row in checked(_Asked, records, file, draft):
        id = row.id or f"{file.stem}/{line}"
        question = Question(id, row.question, tuple(dict.fromkeys(row.answers)), tuple(dict.fromkeys(row.gold)))
        draft.questions.append((question, at(file, line)))


def _csv_records(file: Path, draft: Draft) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = table(file, draft)
    _, header = next(rows, (1, []))
    if "question" not in header:
        valid = f"the first line must name the columns, 'question' among them; valid: {', '.join(COLUMNS)}"
        draft.fail(f"{valid}; given: {', '.join(header) or 'nothing'}", f"{file}:1")
        return
    for line, cells in rows:
        if len(cells) == len(header):
            yield line, {column: _cell(column, cell) for column, cell in zip(header, cells, strict=True)}
        else:
            draft.fail(
                f"a row must have as many cells as the header, {len(header)}; it has {len(cells)}", f"{file}:{line}"
            )


def _cell(column: str, cell: str) -> str | list[str]:
    if column in ("answers", "answer", "gold"):
        return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]
    return cell


_TABLES = {".jsonl": json_lines, ".csv": _csv_records}
