"""The pipelines of a study as plain figures: what a CSV file, JSON and a data frame hold. Its columns are a contract.

A value that is None is not known, or infinite: a latency that failures make infinite, or the upper end of an interval
that too few questions bound. `failed` says how many questions failed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tradespace.evals.figures import Kind, figure_of
from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.conclusions.points import Point
from tradespace.reports.table import (
    finite,
    latency_basis,
    never_timed,
    ordered_points,
    shown_measures,
    standing_of,
    utility_of,
)

PlainValue = str | int | float | bool | None
NamedRows = tuple[Sequence[str], Sequence[Sequence[PlainValue]]]
"""Rows, below the names of their columns."""


class ColumnKind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    COUNT = "whole number"
    NUMBER = "number"
    FLAG = "true or false"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of plain values.

    Attributes:
        name: unique in its table.
        kind: what its values are.
        meaning: what they say, for documentation.
        unit: what numbers are in, such as `seconds`; empty for plain ones.
    """

    name: str
    kind: ColumnKind
    meaning: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """Plain values in columns; a row has one for each."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[PlainValue, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def named_rows(self) -> NamedRows:
        """The same without what its columns mean."""
        return self.names, self.rows

    @property
    def records(self) -> list[dict[str, PlainValue]]:
        """Each row as a mapping from the names of columns."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]


PIPELINE_COLUMNS = (
    Column("number", ColumnKind.COUNT, "the number that a pipeline goes by in its study"),
    Column("pipeline", ColumnKind.TEXT, "its notation"),
    Column("standing", ColumnKind.TEXT, "recommended, answers alike, most accurate, tied, finalist, frontier …"),
    Column("on_frontier", ColumnKind.FLAG, "whether no other is better in one objective and as good in all, explored"),
    Column("frontier_share", ColumnKind.NUMBER, "in which share of resamples of the questions it is on the frontier"),
    Column("question_set", ColumnKind.TEXT, "whose figures these are: `confirm` where it was confirmed, or `explore`"),
    Column("questions", ColumnKind.COUNT, "how many questions that is"),
    Column("failed", ColumnKind.COUNT, "how many of them failed"),
    Column("unscored", ColumnKind.COUNT, "how many explore questions have no score in the first objective"),
    Column("latency_basis", ColumnKind.TEXT, "how its latency is known: `measured`, `predicted` or `modelled`"),
)
"""The first columns of every table of pipelines; those of figures follow, and `utility` where one is asked for."""
UTILITY = Column("utility", ColumnKind.NUMBER, "what it is worth by the utility that is asked for")


def figure_columns(measure: str) -> tuple[Column, ...]:
    """The four columns of a figure.

    >>> [column.name for column in figure_columns("latency_p95")]
    ['latency_p95', 'latency_p95_low', 'latency_p95_high', 'latency_p95_explored']
    """
    figure = figure_of(measure)
    explored = "the same figure on the explore questions, which compares with every other pipeline's"
    return (
        *interval_columns(measure, figure.wording.name, figure.unit.name),
        Column(f"{measure}_explored", ColumnKind.NUMBER, explored, figure.unit.name),
    )


def interval_columns(name: str, meaning: str, unit: str = "") -> tuple[Column, ...]:
    """The columns of an estimate: its value and the ends of its interval. `interval_values` are their values."""
    meanings = {"": meaning, "_low": "lower end of its 95 % interval", "_high": "upper end of its 95 % interval"}
    return tuple(Column(name + suffix, ColumnKind.NUMBER, words, unit) for suffix, words in meanings.items())


def interval_values(estimate: Estimate | None) -> tuple[float | None, ...]:
    """The values of `interval_columns`."""
    return tuple(map(finite, (estimate.value, estimate.low, estimate.high))) if estimate else (None, None, None)


def plain_pipelines(conclusion: Conclusion, numbers: Mapping[str, int], frontier_only: bool = False) -> ColumnTable:
    """Tabulate the pipelines in the order of `pipelines_table`, with their confirmed figures where there are any, else
    with those on explore questions.

    Args:
        conclusion: what to tabulate.
        numbers: the number that a pipeline goes by, see `pipeline_numbers`.
        frontier_only: leave out what is neither on the frontier nor a finalist.
    """
    measures, utility = shown_measures(conclusion), conclusion.goals.utility
    columns = (
        *PIPELINE_COLUMNS,
        *(column for measure in measures for column in figure_columns(measure)),
        *([UTILITY] if utility else []),
    )
    rows = tuple(
        (
            *_standing(point, finalist, conclusion, numbers),
            *(value for measure in measures for value in _figures(point, finalist, measure)),
            *([utility_of(point, finalist, utility)] if utility else []),
        )
        for point, finalist in ordered_points(conclusion, frontier_only)
    )
    return ColumnTable(columns, rows)


def _standing(
    point: Point, finalist: Finalist | None, conclusion: Conclusion, numbers: Mapping[str, int]
) -> Sequence[PlainValue]:
    """The values of `PIPELINE_COLUMNS`."""
    evaluation = finalist.evaluation if finalist else point.evaluation
    return (
        numbers[evaluation.pipeline],
        evaluation.pipeline,
        standing_of(point, finalist, conclusion),
        point.on_frontier,
        point.membership,
        str(evaluation.question_set),
        max(map(len, evaluation.scores.values()), default=0),
        len(evaluation.failures),
        point.missing,
        None if never_timed(evaluation) else latency_basis(evaluation),
    )


def _figures(point: Point, finalist: Finalist | None, measure: str) -> Sequence[PlainValue]:
    """The values of `figure_columns`."""
    evaluation = finalist.evaluation if finalist else point.evaluation
    if figure_of(measure).kind is Kind.LATENCY and never_timed(evaluation):
        return (None, None, None, None)
    explored = finite(point.figures.get(measure))
    if estimate := (finalist or point).estimates.get(measure):
        return (*interval_values(estimate), explored)
    return (None if finalist else explored, None, None, explored)
