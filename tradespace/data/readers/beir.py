from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import AliasChoices, BeforeValidator, Field

from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.judged import RelevanceJudgement, add_judged, finite_score
from tradespace.data.readers.paragraphs import titled
from tradespace.data.readers.records import first_fields, records
from tradespace.data.readers.rows import RecordFields, as_list, checked_records
from tradespace.data.readers.text_files import at, table
from tradespace.types import Document, Question

_QRELS = ("qrels", "default", "data")
"""Folders that hold the judgements of copies from the hub."""


class _Document(RecordFields):
    id: str = Field(validation_alias=AliasChoices("_id", "id"))
    title: str = ""
    text: str
    passed_over: ClassVar[frozenset[str]] = frozenset({"metadata"})


class _Query(RecordFields):
    id: str = Field(validation_alias=AliasChoices("_id", "id"))
    text: str
    answers: Annotated[list[str], BeforeValidator(as_list)] = Field(
        default_factory=list, validation_alias=AliasChoices("answers", "answer")
    )
    passed_over: ClassVar[frozenset[str]] = frozenset({"metadata", "title"})


class _Judged(RecordFields):
    query: str = Field(validation_alias="query-id")
    document: str = Field(validation_alias="corpus-id")
    score: float


@dataclass(frozen=True)
class BEIR:
    """A folder with `corpus.jsonl`, `queries.jsonl` and `qrels/*.tsv`, or a copy of one from the hub, such as MTEB's.

    Thakur et al. 2021, "BEIR". A document's text is searched with its title as its first line, as is usual for BEIR.
    The queries that are judged in any of the qrels files become questions; documents judged above 0 are gold. BEIR has
    no answers; a field `answers` in the queries is read all the same. Files of JSON lines may be compressed (`.gz`), as
    Hugging Face has them; or `corpus` and `queries` are folders of records, as are the judgements.
    """

    name: ClassVar[str] = "beir"
    layout: ClassVar[str] = "a folder with corpus.jsonl, queries.jsonl and qrels/*.tsv"

    def detects(self, path: Path) -> bool:
        return _part(path, "corpus").is_file() or all(first_fields(path / part) for part in ("corpus", "queries"))

    def read(self, path: Path) -> DatasetReading:
        draft = Draft(path.name, self.name)
        _add_documents(_part(path, "corpus"), draft)
        queries = _part(path, "queries")
        add_judged(_queries(queries, draft), list(_judgements(path, draft)), queries.name, draft)
        return draft.reading()


def _part(folder: Path, name: str) -> Path:
    """The file of JSON lines of that name, or the compressed one, or the folder of records, if only that is there."""
    places = (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz", folder / name)
    return next((place for place in places if place.exists()), places[0])


def _add_documents(part: Path, draft: Draft) -> None:
    numbered = records(part, draft)
    for number, row in checked_records(_Document, numbered.rows, part, draft, numbered.place):
        document = Document(row.id, titled(row.title, row.text), row.title)
        draft.documents.append((document, numbered.place(part, number)))


def _queries(part: Path, draft: Draft) -> Iterator[tuple[Question, Place]]:
    numbered = records(part, draft)
    for number, row in checked_records(_Query, numbered.rows, part, draft, numbered.place):
        yield Question(row.id, row.text, tuple(dict.fromkeys(row.answers))), numbered.place(part, number)


def _judgements(folder: Path, draft: Draft) -> Iterator[RelevanceJudgement]:
    files = sorted((folder / "qrels").glob("*.tsv"))
    recorded = [folder / name for name in _QRELS if {"query-id", "corpus-id"} <= first_fields(folder / name)]
    for file in files:
        yield from _of_table(file, draft)
    if recorded and not files:
        yield from _of_records(recorded[0], draft)
    if not recorded and not files:
        draft.fail("at least one file of judgements (*.tsv) is needed; none was found", str(folder / "qrels"))


def _of_table(file: Path, draft: Draft) -> Iterator[RelevanceJudgement]:
    for line, cells in table(file, draft, dialect="excel-tab"):
        try:
            query, document, score = cells
            yield RelevanceJudgement(query, document, finite_score(score), at(file, line))
        except ValueError:
            if line > 1:  # the first line may be a header
                valid = "a judgement must be: query-id, tab, corpus-id, tab, number"
                draft.fail(f"{valid}; given: {cells}", f"{file}:{line}")


def _of_records(part: Path, draft: Draft) -> Iterator[RelevanceJudgement]:
    numbered = records(part, draft)
    for number, row in checked_records(_Judged, numbered.rows, part, draft, numbered.place):
        yield RelevanceJudgement(row.query, row.document, row.score, numbered.place(part, number))
