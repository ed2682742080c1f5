"""Which column of a table is what: as somebody says, and where nothing is said, as it can be guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tradespace.data.tables import guessing
from tradespace.data.tables.table_columns import TableColumns
from tradespace.data.tables.text_table import FILE_COLUMN, TextTable
from tradespace.data.tables.wide import PIPELINE, SCORE, lengthened
from tradespace.errors import Fault, InputError

ROW_NUMBER = "row"
"""The column of row numbers within each file, where files are one pipeline each and name no question."""
_ROLES = ("settings", "question", "scores", "latency", "cost")


@dataclass(frozen=True)
class ResolvedColumns:
    """A table in which every column is known to be something.

    Attributes:
        table: with one row for each pipeline and question.
        columns: what each is; `pipelines` is empty.
        said: what must be said of the table as it was read, so that nothing is guessed. It has `pipelines` where there
            was one row for each question.
        guessed: the roles that nobody named.
        unused: what other columns hold, by name.
    """

    table: TextTable
    columns: TableColumns
    said: TableColumns
    guessed: frozenset[str]
    unused: Mapping[str, str]


def resolved_columns(table: TextTable, asked: TableColumns) -> ResolvedColumns:
    """Find out what each column is.

    Raises:
        InputError: a column that is named is not there or named twice, or what is needed is neither named nor to be
            guessed.
    """
    _check_named(table, asked)
    table, question = _questions(table, asked)
    columns = replace(asked, question=question)
    if pipelines := asked.pipelines or guessing.pipeline_columns(table, columns):
        long, name = lengthened(table, question, pipelines)
        guessed = _guessed(asked, {"question", "pipelines"})
        said = TableColumns(question=question, pipelines=tuple(pipelines))
        columns = TableColumns((PIPELINE,), name, (SCORE,))
        return ResolvedColumns(long, columns, said, guessed, _left(table, {question, *pipelines}))
    latency = asked.latency or guessing.latency_column(table, columns)
    cost = asked.cost or guessing.cost_column(table, replace(columns, latency=latency))
    columns = replace(columns, latency=latency, cost=cost)
    columns = replace(columns, settings=asked.settings or guessing.setting_columns(table, columns))
    columns = replace(columns, scores=asked.scores or guessing.score_columns(table, columns))
    if not columns.scores:
        raise InputError(_nothing("scores from 0 to 1 (others need their range)", "scores", table, columns))
    if not columns.settings:
        raise InputError(_nothing("settings, which tell pipelines apart", "settings", table, columns))
    used = {name for _, name in columns.named()}
    said = replace(columns, question=None if question == ROW_NUMBER else question)
    return ResolvedColumns(table, columns, said, _guessed(asked, set(_ROLES)), _left(table, used))


def _guessed(asked: TableColumns, roles: set[str]) -> frozenset[str]:
    return frozenset(role for role in roles if not getattr(asked, role))


def _left(table: TextTable, used: set[str]) -> dict[str, str]:
    return {name: guessing.impression(cells) for name, cells in table.columns.items() if name not in used}


def _questions(table: TextTable, asked: TableColumns) -> tuple[TextTable, str]:
    """The table, and its column of questions; where files have none their rows are numbered."""
    if name := asked.question or guessing.question_column(table, asked):
        return table, name
    if FILE_COLUMN in table.columns:
        rows: list[str] = []
        counts: Counter[str] = Counter()
        for file in table.columns[FILE_COLUMN]:
            counts[file] += 1
            rows.append(str(counts[file]))
        return replace(table, columns={**table.columns, ROW_NUMBER: rows}), ROW_NUMBER
    raise InputError(_nothing("questions: an id or the question itself", "question", table, asked))


def _nothing(what: str, role: str, table: TextTable, columns: TableColumns) -> str:
    used = {name for _, name in columns.named()}
    free = ", ".join(name for name in table.columns if name not in used) or "none"
    where = f"--{role.removesuffix('s')}, or `{role}` among the `columns` of a YAML file"
    return f"no column of {table.name} looks like {what}; name one with {where}. Columns left: {free}"


def _check_named(table: TextTable, asked: TableColumns) -> None:
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for role, name in asked.named():
        try:
            table.column(name, role)
        except InputError as error:
            faults.extend(error.faults)
        if name in seen:
            faults.append(Fault(f"the column {name!r} is named twice, as {seen[name]} and as {role}; keep one"))
        seen[name] = role
    if asked.pipelines and (asked.settings or asked.scores or asked.latency or asked.cost):
        faults.append(Fault("columns that are pipelines hold their scores: name no settings, scores, latency or cost"))
    if faults:
        raise InputError(faults)
