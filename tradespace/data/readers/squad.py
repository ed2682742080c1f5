from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tradespace.data.readers.base import Reading
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.json_position import JSONPosition
from tradespace.data.readers.rows import Row, validated
from tradespace.data.readers.text_files import read_text
from tradespace.types import Document, Question


class _Answer(Row):
    text: str


class _Asked(Row):
    id: str
    question: str
    answers: list[_Answer] = Field(default_factory=list)
    is_impossible: bool = False

    @property
    def accepted(self) -> tuple[str, ...]:
        """The answers, each once; where there is none on purpose, the empty answer is right."""
        return ("",) if self.is_impossible else tuple(dict.fromkeys(answer.text for answer in self.answers))


class _Paragraph(Row):
    context: str
    qas: list[_Asked]


class _Article(Row):
    title: str = "untitled"
    paragraphs: list[_Paragraph]


class _File(Row):
    data: list[_Article]


@dataclass(frozen=True)
class SQuAD:
    """One JSON file of articles, paragraphs and questions. Rajpurkar et al. 2016 (version 1.1), 2018 (version 2.0).

    A paragraph becomes a document with the id `TITLE/NUMBER`, numbered from 1, and is the gold document of its
    questions, except of those marked `is_impossible`, to which the empty answer is right.
    """

    name: ClassVar[str] = "squad"
    layout: ClassVar[str] = "a .json file in SQuAD's format"

    def detects(self, path: Path) -> bool:
        return path.suffix == ".json" and path.is_file()

    def read(self, path: Path) -> Reading:
        draft = Draft(path.stem, self.name)
        text = read_text(path, draft)
        if text is not None:
            _gather(text, path, draft)
        return draft.reading()


def _gather(text: str, path: Path, draft: Draft) -> None:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        cut = "; the file may be cut short" if not text[error.pos :].strip() or "Unterminated" in error.msg else ""
        draft.fail(f"the file must be one JSON value ({error.msg}){cut}", f"{path}:{error.lineno}")
        return
    except RecursionError:
        draft.fail("the JSON value is nested too deeply", str(path))
        return
    position = JSONPosition(text)
    file = validated(_File, value)
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
