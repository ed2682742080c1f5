"""Tables with one row for each question and one column for each pipeline, made into one row for each of both."""

from __future__ import annotations

from collections.abc import Sequence

from tradespace.data.tables.text_table import TextTable

PIPELINE, SCORE = "pipeline", "score"


def lengthened(table: TextTable, question: str, pipelines: Sequence[str]) -> tuple[TextTable, str]:
    """One row for each question and pipeline, with the columns `pipeline`, that of questions, and `score`; and what the
    column of questions is called there."""
    asked = f"{question}_" if question in (PIPELINE, SCORE) else question
    columns = {
        PIPELINE: [name for name in pipelines for _ in table.places],
        asked: [cell for _ in pipelines for cell in table.columns[question]],
        SCORE: [cell for name in pipelines for cell in table.columns[name]],
    }
    places = [f"{place}, column {name!r}" for name in pipelines for place in table.places]
    return TextTable(table.name, columns, places), asked
