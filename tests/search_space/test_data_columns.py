"""The section `data` says what columns are called: of questions and documents, or of a table."""

from __future__ import annotations

import pytest

from tradespace.data import DataColumns
from tradespace.errors import SpaceError
from tradespace.search_space.specification import load_text

REST = "name: s\npipeline: {retrieve: bm25}\nobjectives: {mrr: maximize}\ndata:\n  questions: q.csv\n  documents: d\n"


def test_columns_of_questions_and_documents() -> None:
    """Each by what it holds; groups are a list."""
    columns = "  columns: {question: query, answers: answers.text, groups: [lang], document_id: url, text: body}\n"
    assert load_text(REST + columns).data.columns.of_data == DataColumns(
        question="query", answers="answers.text", groups=("lang",), document_id="url", text="body"
    )


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("{anwsers: references}", "'anwsers' is not valid here; did you mean 'answers'?"),
        ("{groups: lang}", "`groups` must be a valid "),
        ("{question: 5}", "`question` must be a valid string; given: 5"),
        ("{question: q, answers: q}", "`columns` must name a column once; 'q' is named as question and as answers"),
        ("{groups: [a, a]}", "`columns` must name a column once; 'a' stands twice among the groups"),
        ("{scores: [f1]}", "`columns` must not name `scores`, which is a column of a `table`, where there is none"),
        (
            "{ranges: {f1: [0, 2]}}",
            "`columns` must not name `ranges`, which is a column of a `table`, where there is none",
        ),
    ],
)
def test_what_is_wrong_with_columns_is_said_with_its_line(columns: str, message: str) -> None:
    """Before any data are read."""
    with pytest.raises(SpaceError) as raised:
        load_text(f"{REST}  columns:\n    {columns}\n")
    [fault] = raised.value.faults
    assert fault.where in ("space.yaml:7", "space.yaml:8")
    assert fault.message.startswith(message)


def test_a_table_has_other_columns() -> None:
    """Those of questions say nothing of it."""
    text = "name: s\nobjectives: {f1: maximize}\ndata:\n  table: grid.csv\n  columns: {answers: references}\n"
    with pytest.raises(
        SpaceError, match="must not name `answers`, which is a column of questions and documents, where"
    ):
        load_text(text)
