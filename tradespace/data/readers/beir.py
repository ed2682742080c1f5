from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import AliasChoices, BeforeValidator, Field

from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.draft import Draft
from tradespace.data.readers.paragraphs import titled
from tradespace.data.readers.rows import RecordFields, as_list, checked_records
from tradespace.data.readers.text_files import at, json_lines, table
from tradespace.types import Document, Question


class _Document(RecordFields):
    id: str = Field(validation_alias="_id")
    title: str = ""
    text: str
    passed_over: ClassVar[frozenset[str]] = frozenset({"metadata"})


class _Query(RecordFields):
    id: str = Field(validation_alias="_id")
    text: str
    answers: Annotated[list[str], BeforeValidator(as_list)] = Field(
        default_factory=list, validation_alias=AliasChoices("answers", "answer")
    )
    passed_over: ClassVar[frozenset[str]] = frozenset({"metadata", "title"})


@dataclass(frozen=True, slots=True)
class _Judgement:
    query: str
    document: str
    score: float
    file: Path
    line: int


@dataclass(frozen=True)
class BEIR:
    """A folder with `corpus.jsonl`, `queries.jsonl` and `qrels/*.tsv`. Thakur et al. 2021, "BEIR".

    A document's text is searched with its title as its first line, as is usual for BEIR. The queries that are judged in
    any of the qrels files become questions; documents judged above 0 are gold. BEIR has no answers; a field
    `answers` in the queries is read all the same. Files of JSON lines may be compressed (`.gz`), as
    Hugging Face has them.
    """

    name: ClassVar[str] = "beir"
    layout: ClassVar[str] = "a folder with corpus.jsonl, queries.jsonl and qrels/*.tsv"

    def detects(self, path: Path) -> bool:
        return _file(path, "corpus.jsonl").is_file()

    def read(self, path: Path) -> DatasetReading:
        draft = Draft(path.name, self.name)
        _add_documents(_file(path, "corpus.jsonl"), draft)
        _add_questions(_file(path, "queries.jsonl"), list(_judgements(path / "qrels", draft)), draft)
        return draft.reading()


def _file(folder: Path, name: str) -> Path:
    """The file of that name, or the compressed one if only that is there."""
    packed = folder / f"{name}.gz"
    return packed if packed.is_file() and not (folder / name).is_file() else folder / name


def _add_documents(file: Path, draft: Draft) -> None:
    for line, row in checked_records(_Document, json_lines(file, draft), file, draft):
        draft.documents.append((Document(row.id, titled(row.title, row.text), row.title), at(file, line)))


def _add_questions(file: Path, judgements: list[_Judgement], draft: Draft) -> None:
    gold: dict[str, dict[str, None]] = {}
    for judged in judgements:
        relevant = gold.setdefault(judged.query, {})
        if judged.score > 0:
            relevant[judged.document] = None
            draft.gold_places[judged.query, judged.document] = at(judged.file, judged.line)
    for line, row in checked_records(_Query, json_lines(file, draft), file, draft):
        if row.id in gold:
            draft.questions.append(
                (Question(row.id, row.text, tuple(dict.fromkeys(row.answers)), tuple(gold[row.id])), at(file, line))
            )
    _warn_of_unknown(judgements, file, draft)


def _warn_of_unknown(judgements: list[_Judgement], file: Path, draft: Draft) -> None:
    known = {question.id for question, _ in draft.questions}
    first = {judged.query: judged for judged in reversed(judgements) if judged.query not in known}
    for query, judged in first.items():
        draft.warn(f"the judged query {query!r} is not in {file.name}; it was left out", f"{judged.file}:{judged.line}")


def _judgements(folder: Path, draft: Draft) -> Iterator[_Judgement]:
    files = sorted(folder.glob("*.tsv"))
    if not files:
        draft.fail("at least one file of judgements (*.tsv) is needed; none was found", str(folder))
    for file in files:
        for line, cells in table(file, draft, dialect="excel-tab"):
            try:
                query, document, score = cells
                yield _Judgement(query, document, _finite(score), file, line)
            except ValueError:
                if line > 1:  # the first line may be a header
                    valid = "a judgement must be: query-id, tab, corpus-id, tab, number"
                    draft.fail(f"{valid}; given: {cells}", f"{file}:{line}")


def _finite(score: str) -> float:
    number = float(score)
    if not math.isfinite(number):
        raise ValueError
    return number
