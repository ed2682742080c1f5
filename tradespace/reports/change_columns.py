"""What became of every figure of every pipeline between two studies, as plain figures."""

from __future__ import annotations

from tradespace.explorer.conclusions.comparing import FigureChange, StudyComparison
from tradespace.explorer.results import QuestionSet
from tradespace.reports.columns import Column, ColumnKind, ColumnTable, PlainValue, interval_columns, interval_values
from tradespace.reports.table import finite

CHANGE_COLUMNS = (
    Column("pipeline", ColumnKind.TEXT, "its notation in the study after"),
    Column("was", ColumnKind.TEXT, "its notation in the study before"),
    Column("figure", ColumnKind.TEXT, "the name of the figure"),
    Column("question_set", ColumnKind.TEXT, "the questions: `explore`, or `confirm`"),
    Column("questions", ColumnKind.COUNT, "how many of them both studies asked, and have the figure of"),
    Column("before", ColumnKind.NUMBER, "the figure before, in its own unit"),
    Column("after", ColumnKind.NUMBER, "the figure after"),
    *interval_columns("difference", "after less before, in the mean over questions"),
    Column("moved", ColumnKind.FLAG, "whether it moved beyond noise: the interval, which allows for all, excludes 0"),
)
"""The columns of a comparison."""


def change_columns(compared: StudyComparison) -> ColumnTable:
    """Every figure of every pipeline that both studies have, on the questions that both asked."""
    changes = (change for split in QuestionSet for change in compared.changes[split])
    return ColumnTable(CHANGE_COLUMNS, tuple(map(_change_values, changes)))


def _change_values(change: FigureChange) -> tuple[PlainValue, ...]:
    return (
        *(change.pipeline, change.was, change.measure, str(change.question_set), change.difference.n),
        *(finite(change.before), finite(change.after)),
        *interval_values(change.difference),
        change.moved,
    )
