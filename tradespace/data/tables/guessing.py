"""What the columns of a table seem to be: by their names, and by how their values lie among questions."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from tradespace.data.tables.table_columns import TableColumns
from tradespace.data.tables.text_table import TextTable, is_missing, number_in

QUESTION_NAMES = (
    *("question_id", "query_id", "questionid", "queryid", "qid", "example_id", "test_id", "test_case", "test"),
    *("test_idx", "id", "question", "questions", "query", "queries", "prompt", "input", "user_input", "index"),
)  # fmt: skip
"""Names of columns that say what was asked, the likeliest first."""
LATENCY_NAMES = ("latency", "e2e_latency", "response_time", "execution_time", "duration", "elapsed", "seconds", "time")
COST_NAMES = ("cost", "usd", "price", "dollars", "total_cost")
UNITS = ("s", "sec", "secs", "seconds", "ms", "millis", "milliseconds", "usd", "dollars")
COVERAGE = 0.5
"""Values of settings were asked more than this share of the questions, on average: in a grid all, free text few."""


def plain_name(name: str) -> str:
    """A name in lower case with underscores: `latencyMs` is `latency_ms`."""
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")


def in_milliseconds(name: str) -> bool:
    """Whether the name of a column of durations says that they are milliseconds."""
    return plain_name(name).split("_")[-1] in {"ms", "millis", "milliseconds"}


def question_column(table: TextTable, known: TableColumns) -> str | None:
    """The column of questions, by its name."""
    return _called(table, known, QUESTION_NAMES)


def latency_column(table: TextTable, known: TableColumns) -> str | None:
    """The column of durations, by its name; its cells must be numbers."""
    return _called(table, known, LATENCY_NAMES, measured=True)


def cost_column(table: TextTable, known: TableColumns) -> str | None:
    """The column of dollars, by its name; its cells must be numbers."""
    return _called(table, known, COST_NAMES, measured=True)


def pipeline_columns(table: TextTable, known: TableColumns) -> tuple[str, ...]:
    """The columns of scores in a table with one row for each question, where two or more are such; else none."""
    question = known.question or ""
    asked = table.columns[question]
    if known.settings or known.scores or known.latency or known.cost or len(set(asked)) < len(asked) or len(asked) < 2:
        return ()
    scores = tuple(name for name in table.columns if name != question and is_score(table.columns[name]))
    return scores if len(scores) > 1 else ()


def setting_columns(table: TextTable, known: TableColumns) -> tuple[str, ...]:
    """As many columns as it takes to tell the rows of a question apart, from the left: first those of texts, then those
    of whole numbers, then others.

    Columns that are the same in all rows of a question, such as its reference, are none, nor is free text, nor the last
    column that can be a score.
    """
    question, taken = known.question or "", {name for _, name in known.named()}
    free = [name for name in table.columns if name not in taken]
    candidates = [name for name in free if _may_be_setting(table.columns[name], table.columns[question])]
    candidates.sort(key=lambda name: _kind(table.columns[name]))
    scores = [] if known.scores else [name for name in free if is_score(table.columns[name])]
    chosen: list[str] = []
    groups = _groups(table, [question])
    for name in candidates:
        if groups == len(table) or set(scores) - set(chosen) == {name}:
            continue
        if (finer := _groups(table, [question, *chosen, name])) > groups:
            chosen.append(name)
            groups = finer
    return tuple(name for name in table.columns if name in chosen)


def score_columns(table: TextTable, known: TableColumns) -> tuple[str, ...]:
    """The other columns of numbers from 0 to 1: those that differ within questions, where any does."""
    taken = {name for _, name in known.named()}
    asked = table.columns[known.question or ""]
    scores = [name for name, cells in table.columns.items() if name not in taken and is_score(cells)]
    return tuple([name for name in scores if not _same_within(table.columns[name], asked)] or scores)


def is_score(cells: Sequence[str]) -> bool:
    """Whether every cell that is not missing is a number from 0 to 1, and there is one."""
    numbers = {number_in(cell) for cell in set(cells)}
    present = [number for number in numbers if number is None or not math.isnan(number)]
    return bool(present) and all(number is not None and 0 <= number <= 1 for number in present)


def impression(cells: Sequence[str]) -> str:
    """What a column holds, in a word or two."""
    values = {cell for cell in set(cells) if not is_missing(cell)}
    if not values:
        return "empty"
    if len(values) == 1:
        return f"{next(iter(values))[:40]!r} in all rows"
    return _extent(values) if all(number_in(value) is not None for value in values) else "text"


def _extent(values: Collection[str]) -> str:
    numbers = [number for value in values if (number := number_in(value)) is not None]
    return f"numbers from {min(numbers):.3g} to {max(numbers):.3g}"


def _called(table: TextTable, known: TableColumns, names: Sequence[str], *, measured: bool = False) -> str | None:
    """The first column that has one of the names, with or without a unit behind it."""
    taken = {name for _, name in known.named()}
    free = {plain_name(name): name for name in reversed(list(table.columns)) if name not in taken}
    wanted = [f"{name}{unit}" for name in names for unit in ("", *(f"_{unit}" for unit in UNITS if measured))]
    for name in wanted:
        if name in free and (not measured or _is_numeric(table.columns[free[name]])):
            return free[name]
    return None


def _is_numeric(cells: Sequence[str]) -> bool:
    return all(number_in(cell) is not None for cell in set(cells)) and not all(map(is_missing, cells))


def _may_be_setting(cells: Sequence[str], asked: Sequence[str]) -> bool:
    values: defaultdict[str, set[str]] = defaultdict(set)
    for cell, question in zip(cells, asked, strict=True):
        values[cell].add(question)
    mean = sum(map(len, values.values())) / len(values)
    return len(values) > 1 and not _same_within(cells, asked) and mean > COVERAGE * len(set(asked))


def _same_within(cells: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether a column says something of the question alone: it is the same in all rows of each question that has
    several."""
    seen: Mapping[str, set[str]] = defaultdict(set)
    for cell, question in zip(cells, asked, strict=True):
        seen[question].add(cell)
    return len(seen) < len(cells) and all(len(values) == 1 for values in seen.values())


def _kind(cells: Collection[str]) -> int:
    """Texts before whole numbers before numbers from 0 to 1 and other fractions: the likelier a setting the smaller."""
    numbers = [number_in(cell) for cell in set(cells)]
    if None in numbers:
        return 0
    if is_score(list(cells)):
        return 2
    return 1 if all(number == number // 1 for number in numbers if number is not None) else 2


def _groups(table: TextTable, names: Sequence[str]) -> int:
    return len(set(zip(*(table.columns[name] for name in names), strict=True)))
