from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.draft import Draft
from tradespace.data.readers.paragraphs import Paragraphs
from tradespace.data.readers.records import first_fields, records
from tradespace.data.readers.rows import RecordFields, as_records, checked_records
from tradespace.types import Question

_UNANSWERABLE = "No Answer Present."
"""What its annotators wrote where no passage answers the query."""
_PUBLISHED = re.compile(r"(train|dev|eval).*_v[12]\.1.*\.json(\.gz)?")
"""Names of published files of columns, of which the beginning shows the first column alone."""


def _well_formed(answers: Any) -> Any:
    """Version 2.1 writes `[]` as a text where there is none."""
    return [] if answers == "[]" else answers


class _Passage(RecordFields):
    passage_text: str
    url: str = ""
    is_selected: int = 0


class _Asked(RecordFields):
    id: str = Field(validation_alias="query_id")
    query: str
    answers: list[str] = Field(default_factory=list)
    well_formed: Annotated[list[str], BeforeValidator(_well_formed)] = Field(
        default_factory=list, validation_alias="wellFormedAnswers"
    )
    type: str | None = Field(default=None, validation_alias="query_type")
    passages: Annotated[list[_Passage], BeforeValidator(as_records)]

    @property
    def accepted(self) -> tuple[str, ...]:
        """The answers, each once; where no passage holds one, the empty answer is right."""
        if _UNANSWERABLE in self.answers:
            return ("",)
        return tuple(dict.fromkeys((*self.answers, *self.well_formed)))


@dataclass(frozen=True)
class MSMARCO:
    """A file of MS MARCO's questions with ten passages each, version 1.1 or 2.1, as published or from Hugging Face.

    Bajaj et al. 2016, "MS MARCO: A Human Generated MAchine Reading COmprehension Dataset". A passage becomes a document
    `URL/NUMBER`, once; those that an annotator answered from are gold. To queries with "No Answer Present." the empty
    answer is right. Well-formed answers are accepted, too. The type of a query is a group.
    """

    name: ClassVar[str] = "msmarco"
    layout: ClassVar[str] = "a .json, .jsonl or .parquet file of records with query, passages and answers"

    def detects(self, path: Path) -> bool:
        return {"query", "query_id", "passages"} <= first_fields(path) or (
            _PUBLISHED.fullmatch(path.name) is not None and path.is_file()
        )

    def read(self, path: Path) -> DatasetReading:
        draft = Draft(path.stem, self.name)
        numbered, paragraphs = records(path, draft), Paragraphs(draft)
        for number, row in checked_records(_Asked, numbered.rows, path, draft, numbered.place):
            place = numbered.place(path, number)
            ids = [
                paragraphs.id(passage.url or path.stem, passage.passage_text, place, title="")
                for passage in row.passages
            ]
            gold = dict.fromkeys(id for id, each in zip(ids, row.passages, strict=True) if each.is_selected)
            groups = (("type", row.type),) if row.type else ()
            draft.questions.append((Question(row.id, row.query, row.accepted, tuple(gold), groups=groups), place))
        return draft.reading()
