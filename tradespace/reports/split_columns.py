"""The splits of a bound as plain figures, one row for each."""

from __future__ import annotations

from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.split import SplitPoint
from tradespace.reports.columns import Column, ColumnKind, ColumnTable, PlainValue, interval_columns, interval_values
from tradespace.reports.table import finite
from tradespace.reports.words import group_names, measure_name


def split_columns(conclusion: Conclusion) -> ColumnTable:
    """Tabulate the best pipeline for each split of the bound; nothing where there is none to divide.

    The columns are `share[GROUP]` of each group, `pipeline` (none where none fits), the first objective with its
    interval, `behind` with its interval, as in `SplitPoint`, and `seconds[GROUP]` of each group.
    """
    if conclusion.sla is None or conclusion.split is None:
        return ColumnTable((), ())
    groups, measure = group_names(conclusion.sla), conclusion.primary.measure
    columns = (
        *(Column(f"share[{group}]", ColumnKind.NUMBER, f"what {group} is given of the bound") for group in groups),
        Column("pipeline", ColumnKind.TEXT, "the best that fits"),
        *interval_columns(measure, measure_name(measure)),
        *interval_columns("behind", "what it lacks of that beside the pipeline that is recommended"),
        *(Column(f"seconds[{group}]", ColumnKind.NUMBER, f"what {group} takes", "seconds") for group in groups),
    )
    return ColumnTable(columns, tuple(_row(point, len(groups)) for point in conclusion.split.points))


def _row(point: SplitPoint, groups: int) -> tuple[PlainValue, ...]:
    seconds = point.seconds or (None,) * groups
    return (
        *point.shares,
        point.pipeline,
        *interval_values(point.accuracy),
        *interval_values(point.behind),
        *map(finite, seconds),
    )
