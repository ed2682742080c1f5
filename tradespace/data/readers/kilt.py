from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from math import prod
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BeforeValidator, Field

from tradespace.data.evidence import Quotation
from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.groups import gold_of
from tradespace.data.readers.record_folders import listed_records
from tradespace.data.readers.records import first_fields, records
from tradespace.data.readers.rows import RecordFields, checked_records
from tradespace.types import Document, Question

T = TypeVar("T")

MOST_GROUPS = 1000
"""Groups of alternatives that the sets of one question may come to."""


class _Provenance(RecordFields):
    wikipedia_id: str
    start_paragraph_id: int = -1
    start_character: int = -1
    end_paragraph_id: int = -1
    end_character: int = -1

    def quotation(self, starts: Sequence[int]) -> Quotation | None:
        """The characters of its page's text, whose paragraphs start there; None where it names none."""
        paragraphs = self.start_paragraph_id, self.end_paragraph_id
        if not all(0 <= paragraph < len(starts) for paragraph in paragraphs):
            return None
        start, end = starts[paragraphs[0]] + self.start_character, starts[paragraphs[1]] + self.end_character
        return Quotation(document=self.wikipedia_id, start=start, end=end) if self.start_character >= 0 else None


class _Output(RecordFields):
    answer: str = ""
    provenance: list[_Provenance] = Field(default_factory=list)


class _Asked(RecordFields):
    id: str
    input: str
    output: list[_Output] = Field(default_factory=list)
    passed_over: ClassVar[frozenset[str]] = frozenset({"meta"})

    @property
    def accepted(self) -> tuple[str, ...]:
        """The answers, each once."""
        return tuple(dict.fromkeys(output.answer for output in self.output if output.answer))

    @property
    def provenance(self) -> list[list[_Provenance]]:
        """For each output that has any, the places that are needed together."""
        return [output.provenance for output in self.output if output.provenance]


def _paragraphs(text: Any) -> Any:
    """Paragraphs, which Hugging Face writes as a column `paragraph`."""
    return text.get("paragraph", text) if isinstance(text, Mapping) else text


class _Page(RecordFields):
    id: str = Field(validation_alias="wikipedia_id")
    title: str = Field(default="", validation_alias="wikipedia_title")
    text: Annotated[list[str], BeforeValidator(_paragraphs)]
    passed_over: ClassVar[frozenset[str]] = frozenset(
        {"_id", "kilt_id", "anchors", "categories", "history", "wikidata_info"}
    )


@dataclass(frozen=True)
class KILT:
    """A folder with questions of KILT (`nq-dev-kilt.jsonl` …) and its knowledge source, or a part of it.

    Petroni et al. 2021, "KILT: a Benchmark for Knowledge Intensive Language Tasks". Each page becomes a document with
    its Wikipedia id; its text is that of its paragraphs, of which the first is the title. The pages of a question's
    provenance are gold, and the characters in them evidence: what one output names is needed together, and several
    outputs are alternatives.

    Attributes:
        questions: the file of questions, if it is elsewhere.
        documents: the knowledge source, if it is elsewhere.
    """

    questions: Path | None = None
    documents: Path | None = None

    name: ClassVar[str] = "kilt"
    layout: ClassVar[str] = "a folder with *-kilt.jsonl and kilt_knowledgesource.json"

    def detects(self, path: Path) -> bool:
        return bool(_questions_in(path)) and bool(_pages_in(path))

    def read(self, path: Path) -> DatasetReading:
        draft = Draft(path.name, self.name)
        files = [self.questions] if self.questions else _questions_in(path)
        asked = [each for file in files for each in _asked(file, draft)]
        named = {place.wikipedia_id for row, _ in asked for output in row.provenance for place in output}
        starts: dict[str, Sequence[int]] = {}
        for pages in [self.documents] if self.documents else _pages_in(path):
            starts |= _add_pages(pages, named, draft)
        for row, place in asked:
            _add_question(row, place, starts, draft)
        return draft.reading()


def is_kilt(questions: Path) -> bool:
    """Whether a file holds questions as KILT has them."""
    return {"id", "input", "output"} <= first_fields(questions)


def _questions_in(folder: Path) -> list[Path]:
    return [file for file in listed_records(folder) if is_kilt(file)]


def _pages_in(folder: Path) -> list[Path]:
    return [file for file in listed_records(folder) if {"wikipedia_id", "text"} <= first_fields(file)]


def _asked(file: Path, draft: Draft) -> list[tuple[_Asked, Place]]:
    numbered = records(file, draft)
    rows = checked_records(_Asked, numbered.rows, file, draft, numbered.place)
    return [(row, numbered.place(file, number)) for number, row in rows]


def _add_pages(file: Path, named: set[str], draft: Draft) -> dict[str, Sequence[int]]:
    """Add all pages, and return where the paragraphs start of those that are named."""
    numbered = records(file, draft)
    starts: dict[str, Sequence[int]] = {}
    for number, row in checked_records(_Page, numbered.rows, file, draft, numbered.place):
        draft.documents.append((Document(row.id, "".join(row.text), row.title), numbered.place(file, number)))
        if row.id in named:
            starts[row.id] = list(accumulate(map(len, row.text), initial=0))[:-1]
    return starts


def _add_question(row: _Asked, place: Place, starts: Mapping[str, Sequence[int]], draft: Draft) -> None:
    pages = [[each.wikipedia_id for each in output] for output in row.provenance]
    quotations = [[each.quotation(starts.get(each.wikipedia_id, ())) for each in output] for output in row.provenance]
    gold, alternatives = gold_of(needed_together(pages))
    whole = [[each for each in output if each] for output in quotations]
    draft.quote(row.id, tuple(needed_together(whole)) if whole == quotations else ())
    draft.questions.append((Question(row.id, row.input, row.accepted, gold, gold_alternatives=alternatives), place))


def needed_together(alternatives: Sequence[Sequence[T]]) -> list[tuple[T, ...]]:
    """Sets of which any whole one will do, as groups of all of which one member each is needed.

    Where there are too many groups for that, the first set alone.

    >>> needed_together(["a", "b"]), needed_together(["ab"])
    ([('a', 'b')], [('a',), ('b',)])
    """
    sets = [tuple(dict.fromkeys(each)) for each in alternatives]
    if prod(map(len, sets)) > MOST_GROUPS:
        sets = sets[:1]
    return [tuple(dict.fromkeys(group)) for group in product(*sets)] if sets else []
