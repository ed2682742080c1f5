from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.draft import Draft
from tradespace.data.readers.paragraphs import Paragraphs, titled
from tradespace.data.readers.records import first_fields, records
from tradespace.data.readers.rows import RecordFields, checked_records
from tradespace.types import Question


class _Paragraph(RecordFields):
    title: str = ""
    paragraph_text: str
    is_supporting: bool = False


class _Asked(RecordFields):
    id: str
    question: str
    answer: str | None = None
    answer_aliases: list[str] = Field(default_factory=list)
    answerable: bool = True
    paragraphs: list[_Paragraph]
    passed_over: ClassVar[frozenset[str]] = frozenset({"question_decomposition"})

    @property
    def groups(self) -> tuple[tuple[str, str], ...]:
        """How the question was composed, such as `2hop`: its id begins with it."""
        shape, _, rest = self.id.partition("__")
        return (("type", shape),) if rest and "hop" in shape else ()

    @property
    def accepted(self) -> tuple[str, ...]:
        """The answers, each once; where there is none on purpose, the empty answer is right."""
        if not self.answerable:
            return ("",)
        return () if self.answer is None else tuple(dict.fromkeys((self.answer, *self.answer_aliases)))


@dataclass(frozen=True)
class MuSiQue:
    """A file of MuSiQue's questions, each with up to twenty paragraphs, as published or from Hugging Face.

    Trivedi et al. 2022, "MuSiQue: Multihop Questions via Single-hop Question Composition". A paragraph, with its title
    as its first line, becomes a document `TITLE/NUMBER`; the supporting ones are gold, except for questions that are
    not `answerable`, to which the empty answer is right. How many hops a question was composed of is a group, `type`.
    """

    name: ClassVar[str] = "musique"
    layout: ClassVar[str] = "a .json, .jsonl or .parquet file of records with paragraphs and answer"

    def detects(self, path: Path) -> bool:
        return {"question", "paragraphs", "answer"} <= first_fields(path)

    def read(self, path: Path) -> DatasetReading:
        draft = Draft(path.stem, self.name)
        numbered, paragraphs = records(path, draft), Paragraphs(draft)
        for number, row in checked_records(_Asked, numbered.rows, path, draft, numbered.place):
            place = numbered.place(path, number)
            ids = [
                paragraphs.id(paragraph.title, titled(paragraph.title, paragraph.paragraph_text), place)
                for paragraph in row.paragraphs
            ]
            supporting = (id for id, paragraph in zip(ids, row.paragraphs, strict=True) if paragraph.is_supporting)
            gold = tuple(dict.fromkeys(supporting)) if row.answerable else ()
            draft.questions.append((Question(row.id, row.question, row.accepted, gold, groups=row.groups), place))
        return draft.reading()
