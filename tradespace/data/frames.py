"""Questions and documents out of pandas frames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradespace.data.dataset import Dataset
from tradespace.data.load import with_warnings
from tradespace.data.readers import USUAL_COLUMNS, DataColumns, DatasetReading, columns_of
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.files import add_question_rows
from tradespace.data.readers.flat import add_flat_rows
from tradespace.data.readers.own_documents import add_document_rows
from tradespace.data.readers.records import NumberedRecords

if TYPE_CHECKING:
    import pandas as pd


def dataset_from_frames(
    questions: pd.DataFrame,
    documents: pd.DataFrame | None = None,
    *,
    columns: DataColumns | Mapping[str, Any] = USUAL_COLUMNS,
    name: str = "frames",
) -> Dataset:
    """A dataset out of frames, with the columns that files of questions and of documents have, and the same checks.

    Harmless faults are passed over: see `read_frames`.

    Args:
        questions: with the column `question`, and optionally `answers`, `id`, `gold` …
        documents: with the column `text`, and optionally `id` and `title`. Without this frame the other one has `text`:
            what is to be read for each question.
        columns: what the columns are called, if otherwise.
        name: of the dataset.

    Raises:
        DataError: something must be put right; it carries every fault, with the number of the row, from 1.

    >>> import pandas as pd
    >>> asked = pd.DataFrame({"query": ["Who ruled Normandy?"], "answers": [["Rollo"]], "gold": [["d1"]]})
    >>> texts = pd.DataFrame({"id": ["d1"], "text": ["Rollo ruled Normandy."]})
    >>> dataset_from_frames(asked, texts, columns={"question": "query"}).questions[0].answers
    ('Rollo',)
    """
    return read_frames(questions, documents, columns=columns, name=name).required()


def read_frames(
    questions: pd.DataFrame,
    documents: pd.DataFrame | None = None,
    *,
    columns: DataColumns | Mapping[str, Any] = USUAL_COLUMNS,
    name: str = "frames",
) -> DatasetReading:
    """As `dataset_from_frames`, with everything that is wrong with the data.

    Raises:
        DataError: `columns` are wrong in themselves.
    """
    called, draft = columns_of(columns), Draft(name, "frames")
    if documents is None:
        add_flat_rows(_numbered(questions, "questions", draft), Path("questions"), draft, called)
    else:
        numbered = _numbered(documents, "documents", draft)
        add_document_rows(numbered, Path("documents"), draft, called.of_documents())
        add_question_rows(_numbered(questions, "questions", draft), Path("questions"), draft, called)
    return with_warnings(draft.reading())


def _numbered(frame: pd.DataFrame, name: str, draft: Draft) -> NumberedRecords:
    for repeated in frame.columns[frame.columns.duplicated()].unique():
        draft.fail(f"each column must have a name of its own; {str(repeated)!r} is given more than once", name)
    return NumberedRecords(enumerate(_records(frame.loc[:, ~frame.columns.duplicated()]), start=1), _row)


def _row(frame: Path, number: int) -> Place:
    return lambda: f"{frame}:row {number}"


def _records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows, with values as JSON knows them."""
    columns = [(str(name), [_plain(value) for value in frame[name]]) for name in frame.columns]
    for place in range(len(frame)):
        yield {name: values[place] for name, values in columns}


def _plain(value: Any) -> Any:
    """Arrays as lists, NumPy's numbers as Python's, and everything that stands for a missing value as None."""
    from pandas import isna

    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return None if isna(value) else value
