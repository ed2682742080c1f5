"""The CSV that `promptfoo eval --output results.csv` writes: one row for each test, a block of columns for each prompt.

A block begins with the column that is called as provider and prompt, such as `[openai:gpt-4] Answer briefly`. `Status`
and `Score` follow it, and `Metric: NAME` for each score that an assertion has a name for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tradespace.data.tables.text_table import TextTable

BEGINNING = ("Status", "Score")
METRIC = "Metric: "
ERROR, NOTHING = "ERROR", "0"
OWN_COLUMNS = ("pipeline", "test", "passed", "score")


@dataclass(frozen=True)
class _Block:
    """The columns of one prompt: what it is called, where its status is, and where its scores are by name."""

    label: str
    status: int
    scores: Mapping[str, int]


def is_promptfoo(header: Sequence[str]) -> bool:
    """Whether a header has such blocks."""
    return any(_blocks(header))


def unfolded_table(header: Sequence[str], rows: Sequence[Sequence[str]], places: Sequence[str]) -> TextTable:
    """One row for each prompt and test: whether it passed, its score, and its named scores. A test that ended with an
    error passed nothing, and scores 0."""
    blocks = list(_blocks(header))
    names = list(dict.fromkeys(name for block in blocks for name in block.scores))
    columns: dict[str, list[str]] = {name: [] for name in (*OWN_COLUMNS[:3], *names)}
    for block in blocks:
        for number, row in enumerate(rows, start=1):
            failed = row[block.status] == ERROR
            scores = [row[block.scores[name]] if name in block.scores else "" for name in names]
            verdicts = [NOTHING] * (1 + len(names)) if failed else [row[block.status], *scores]
            for column, cell in zip(columns.values(), (block.label, str(number), *verdicts), strict=True):
                column.append(cell)
    return TextTable("", columns, [place for _ in blocks for place in places])


def _blocks(header: Sequence[str]) -> Iterator[_Block]:
    starts = [place for place in range(len(header) - 2) if tuple(header[place + 1 : place + 3]) == BEGINNING]
    for start, end in pairwise([*starts, len(header)]):
        metrics = {_metric(header[place]): place for place in range(start, end) if header[place].startswith(METRIC)}
        yield _Block(header[start], start + 1, {"score": start + 2, **metrics})


def _metric(column: str) -> str:
    """The name of a metric; as the column is called, where the name alone means something else."""
    name = column.removeprefix(METRIC)
    return column if name in OWN_COLUMNS else name
