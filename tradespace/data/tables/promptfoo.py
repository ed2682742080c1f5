"""The CSV that `promptfoo eval --output results.csv` writes: one row for each test, a block of columns for each prompt.

A block begins with the column that is called as provider and prompt, such as `[openai:gpt-4] Answer briefly`, and holds
`Status`, `Score` and others of the same names in every block.
"""

from __future__ import annotations

from collections.abc import Sequence

from tradespace.data.tables.text_table import TextTable

BLOCK = ("Status", "Score")
PIPELINE_COLUMN = "pipeline"
TEST_COLUMN = "test"
PASSED_COLUMN = "passed"
SCORE_COLUMN = "score"
ERROR = "ERROR"


def is_promptfoo(header: Sequence[str]) -> bool:
    """Whether a header has such blocks."""
    return bool(_blocks(header))


def unfolded_table(header: Sequence[str], rows: Sequence[Sequence[str]], places: Sequence[str]) -> TextTable:
    """One row for each test and prompt: what ran, and its score. A test that ended with an error scores 0."""
    columns: dict[str, list[str]] = {PIPELINE_COLUMN: [], TEST_COLUMN: [], PASSED_COLUMN: [], SCORE_COLUMN: []}
    for start in _blocks(header):
        for number, row in enumerate(rows, start=1):
            status, score = row[start + 1], row[start + 2]
            cells = (header[start], str(number), *(("0", "0") if status == ERROR else (status, score)))
            for column, cell in zip(columns.values(), cells, strict=True):
                column.append(cell)
    return TextTable("", columns, [place for _ in _blocks(header) for place in places])


def _blocks(header: Sequence[str]) -> list[int]:
    """Where blocks begin."""
    return [place for place in range(len(header) - 2) if tuple(header[place + 1 : place + 3]) == BLOCK]
