from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import AliasChoices, BeforeValidator, Field

from tradespace.data.evidence import Quotation
from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.draft import Draft
from tradespace.data.readers.paragraphs import Paragraphs, titled
from tradespace.data.readers.records import first_fields, records
from tradespace.data.readers.rows import RecordFields, checked_records
from tradespace.types import Question


def _decoded(value: Any) -> Any:
    """A column that some copies of 2WikiMultihopQA hold as JSON in a text."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value


def _pairs(second: str) -> BeforeValidator:
    """Pairs, which Hugging Face writes as two columns: `title`, and the one called `second`."""

    def paired(value: Any) -> Any:
        value = _decoded(value)
        if not isinstance(value, Mapping):
            return value
        columns: list[Any] = [value.get("title"), value.get(second)]
        both = all(isinstance(column, list) for column in columns)
        return list(zip(*columns, strict=False)) if both else value

    return BeforeValidator(paired)


class _Asked(RecordFields):
    id: str = Field(validation_alias=AliasChoices("_id", "id"))
    question: str
    answer: str | None = None
    supporting_facts: Annotated[list[tuple[str, int]], _pairs("sent_id")] = Field(default_factory=list)
    context: Annotated[list[tuple[str, list[str]]], _pairs("sentences")]
    type: str = ""
    level: str = ""
    passed_over: ClassVar[frozenset[str]] = frozenset({"evidences", "evidences_id", "entity_ids", "answer_id"})

    @property
    def groups(self) -> tuple[tuple[str, str], ...]:
        """What kind of question it is, and how hard, where that is said."""
        return tuple((name, value) for name, value in (("type", self.type), ("level", self.level)) if value)


@dataclass(frozen=True)
class HotpotQA:
    """A file of HotpotQA's questions, each with ten paragraphs, as published or from Hugging Face; 2WikiMultihopQA too.

    Yang et al. 2018, "HotpotQA: A Dataset for Diverse, Explainable Multi-hop Question Answering". A paragraph, with its
    title as its first line, becomes a document `TITLE/NUMBER`; those that hold supporting facts are gold, and the
    sentences that are supporting facts are evidence. The type and the level of a question are groups.
    """

    name: ClassVar[str] = "hotpotqa"
    layout: ClassVar[str] = "a .json, .jsonl or .parquet file of records with context and supporting_facts"

    def detects(self, path: Path) -> bool:
        return {"question", "context", "supporting_facts"} <= first_fields(path)

    def read(self, path: Path) -> DatasetReading:
        draft = Draft(path.stem, self.name)
        numbered, paragraphs = records(path, draft), Paragraphs(draft)
        for number, row in checked_records(_Asked, numbered.rows, path, draft, numbered.place):
            place = numbered.place(path, number)
            ids = {
                title: paragraphs.id(title, titled(title, " ".join(part.strip() for part in sentences)), place)
                for title, sentences in row.context
            }
            gold = dict.fromkeys(ids[title] for title, _ in row.supporting_facts if title in ids)
            answers = () if row.answer is None else (row.answer,)
            draft.quote(row.id, tuple(_supporting_sentences(row, ids)))
            draft.questions.append((Question(row.id, row.question, answers, tuple(gold), groups=row.groups), place))
        return draft.reading()


def _supporting_sentences(row: _Asked, ids: Mapping[str, str]) -> Iterator[tuple[Quotation]]:
    """The sentences that are supporting facts, all needed. A few published facts name a sentence that is not there."""
    paragraphs = dict(row.context)
    for title, number in dict.fromkeys(row.supporting_facts):
        sentences = paragraphs.get(title, [])
        if 0 <= number < len(sentences) and sentences[number].strip():
            yield (Quotation(document=ids[title], quote=sentences[number].strip()),)
