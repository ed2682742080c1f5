from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator

from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.draft import Draft
from tradespace.data.readers.parquet import parquet_rows, row_of
from tradespace.data.readers.rows import RecordFields, as_list, checked_records
from tradespace.types import Document, Question


def _grouped(value: Any) -> Any:
    return [as_list(group) for group in as_list(value)] if isinstance(value, str | list) else value


class _Document(RecordFields):
    doc_id: str
    contents: str


class _Asked(RecordFields):
    qid: str
    query: str
    retrieval_gt: Annotated[list[list[str]], BeforeValidator(_grouped)]
    generation_gt: Annotated[list[str], BeforeValidator(as_list)]

    @property
    def gold(self) -> tuple[str, ...]:
        """All documents of all groups, each once."""
        return tuple(dict.fromkeys(name for group in self.retrieval_gt for name in group if name))


@dataclass(frozen=True)
class AutoRAG:
    """A folder with AutoRAG's `corpus.parquet` and `qa.parquet`.

    https://docs.auto-rag.com/data_creation/data_format.html. AutoRAG's `retrieval_gt` may offer alternatives, of which
    one is enough; here each of them counts as a gold document, and a fault says so.
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
    alternatives = []
    for number, row in checked_records(
        _Asked, parquet_rows(file, draft, list(_Asked.model_fields)), file, draft, row_of
    ):
        draft.questions.append((Question(row.qid, row.query, tuple(row.generation_gt), row.gold), row_of(file, number)))
        if any(len(group) > 1 for group in row.retrieval_gt):
            alternatives.append(number)
    if alternatives:
        message = "retrieval_gt offers alternatives, here and in {} other rows; each counts as a gold document"
        draft.warn(message.format(len(alternatives) - 1), row_of(file, alternatives[0])())
