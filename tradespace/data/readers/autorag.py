from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.draft import Draft
from tradespace.data.readers.groups import as_groups, gold_of
from tradespace.data.readers.parquet import parquet_rows, row_of
from tradespace.data.readers.rows import RecordFields, as_list, checked_records
from tradespace.types import Document, Question


def _grouped(value: Any) -> Any:
    """Groups of alternatives; a single list of texts is one group, as AutoRAG takes it."""
    return as_groups([value] if isinstance(value, list) and all(isinstance(each, str) for each in value) else value)


class _Document(RecordFields):
    doc_id: str
    contents: str


class _Asked(RecordFields):
    qid: str
    query: str
    retrieval_gt: Annotated[list[list[str]], BeforeValidator(_grouped)]
    generation_gt: Annotated[list[str], BeforeValidator(as_list)]


@dataclass(frozen=True)
class AutoRAG:
    """A folder with AutoRAG's `corpus.parquet` and `qa.parquet`.

    https://docs.auto-rag.com/data_creation/data_format.html. `retrieval_gt` has a list for each of the documents that
    are needed together, with those of which any will do.
    """

    name: ClassVar[str] = "autorag"
    layout: ClassVar[str] = "a folder with corpus.parquet and qa.parquet"

    def detects(self, path: Path) -> bool:
        return (path / "corpus.parquet").is_file()

    def read(self, path: Path) -> DatasetReading:
        draft = Draft(path.name, self.name)
        _add_documents(path / "corpus.parquet", draft)
        _add_questions(path / "qa.parquet", draft)
        return draft.reading()


def _add_documents(file: Path, draft: Draft) -> None:
    for number, row in checked_records(
        _Document, parquet_rows(file, draft, list(_Document.model_fields)), file, draft, row_of
    ):
        draft.documents.append((Document(row.doc_id, row.contents), row_of(file, number)))


def _add_questions(file: Path, draft: Draft) -> None:
    for number, row in checked_records(
        _Asked, parquet_rows(file, draft, list(_Asked.model_fields)), file, draft, row_of
    ):
        gold, alternatives = gold_of(row.retrieval_gt)
        question = Question(row.qid, row.query, tuple(row.generation_gt), gold, gold_alternatives=alternatives)
        draft.questions.append((question, row_of(file, number)))
