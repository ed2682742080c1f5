from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.json_position import JSONPosition
from tradespace.data.readers.paragraphs import Paragraphs
from tradespace.data.readers.records import first_fields, records
from tradespace.data.readers.rows import RecordFields, checked_records, validated_record
from tradespace.data.readers.text_files import noted, noted_text
from tradespace.files import json_value
from tradespace.types import Document, Question


def _texts(answers: Any) -> Any:
    """The texts of answers, which Hugging Face writes as columns: `text` and `answer_start`."""
    if isinstance(answers, Mapping):
        return answers.get("text", answers)
    if isinstance(answers, list):
        return [answer.get("text") if isinstance(answer, Mapping) else answer for answer in answers]
    return answers


class _Answer(RecordFields):
    text: str


class _Asked(RecordFields):
    id: str
    question: str
    answers: list[_Answer] = Field(default_factory=list)
    is_impossible: bool = False

    @property
    def accepted(self) -> tuple[str, ...]:
        """The answers, each once; where there is none on purpose, the empty answer is right."""
        return ("",) if self.is_impossible else tuple(dict.fromkeys(answer.text for answer in self.answers))


class _Flat(RecordFields):
    """A question as Hugging Face has it, with its paragraph beside it."""

    id: str
    question: str
    context: str
    title: str = "untitled"
    answers: Annotated[list[str], BeforeValidator(_texts)]
    passed_over: ClassVar[frozenset[str]] = frozenset({"is_impossible"})


class _Paragraph(RecordFields):
    context: str
    qas: list[_Asked]


class _Article(RecordFields):
    title: str = "untitled"
    paragraphs: list[_Paragraph]


class _File(RecordFields):
    data: list[_Article]


@dataclass(frozen=True)
class SQuAD:
    """One JSON file of articles, paragraphs and questions. Rajpurkar et al. 2016 (version 1.1), 2018 (version 2.0).

    A paragraph becomes a document with the id `TITLE/NUMBER`, numbered from 1, and is the gold document of its
    questions, except of those marked `is_impossible`, to which the empty answer is right. Files from Hugging Face have
    a record for each question instead; there, a question without answers is an impossible one.
    """

    name: ClassVar[str] = "squad"
    layout: ClassVar[str] = "a .json file in SQuAD's format, or a .jsonl or .parquet file of it from Hugging Face"

    def detects(self, path: Path) -> bool:
        return _is_flat(path) or (path.suffix == ".json" and path.is_file())

    def read(self, path: Path) -> DatasetReading:
        draft = Draft(path.stem, self.name)
        if _is_flat(path):
            _add_flat(path, draft)
        elif (text := noted_text(path, draft)) is not None:
            _gather(text, path, draft)
        return draft.reading()


def _is_flat(path: Path) -> bool:
    return {"question", "context", "answers"} <= first_fields(path)


def _add_flat(path: Path, draft: Draft) -> None:
    numbered, paragraphs = records(path, draft), Paragraphs(draft)
    for number, row in checked_records(_Flat, numbered.rows, path, draft, numbered.place):
        place = numbered.place(path, number)
        id = paragraphs.id(row.title, row.context, place)
        accepted = tuple(dict.fromkeys(row.answers)) or ("",)
        draft.questions.append((Question(row.id, row.question, accepted, (id,) if row.answers else ()), place))


def _gather(text: str, path: Path, draft: Draft) -> None:
    value = noted(lambda: json_value(text, path), draft)
    if value is None:
        return
    position = JSONPosition(text)
    file = validated_record(_File, value)
    if isinstance(file, _File):
        _add(file, path, position, draft)
    else:
        for location, message in file:
            draft.fail(message, f"{path}:{position.line(location)}")


def _add(file: _File, path: Path, position: JSONPosition, draft: Draft) -> None:
    def place(*location: str | int) -> Place:
        return lambda: f"{path}:{position.line(location)}"

    counts: dict[str, int] = {}
    for a, article in enumerate(file.data):
        for p, paragraph in enumerate(article.paragraphs):
            number = counts[article.title] = counts.get(article.title, 0) + 1
            document = Document(f"{article.title}/{number}", paragraph.context, article.title.replace("_", " "))
            draft.documents.append((document, place("data", a, "paragraphs", p, "context")))
            for q, asked in enumerate(paragraph.qas):
                gold = () if asked.is_impossible else (document.id,)
                question = Question(asked.id, asked.question, asked.accepted, gold)
                draft.questions.append((question, place("data", a, "paragraphs", p, "qas", q)))
