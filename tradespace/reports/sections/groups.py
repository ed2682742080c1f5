"""What a pipeline scores on groups of the questions, a table for each column that tells groups apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from tradespace.evals.figures.units import MISSING
from tradespace.explorer.conclusions.by_group import ColumnFigures, GroupFigures
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.group_limits import GroupVerdicts
from tradespace.explorer.question_groups import FEWEST_IN_GROUP
from tradespace.plurals import agreeing
from tradespace.reports.by_group import NAMED_GROUPS
from tradespace.reports.section import Findings, Section, SectionRow, SectionTable
from tradespace.reports.table import Cell, finite
from tradespace.reports.words import column_name, figure_with_interval, listed_in_part

LISTED_GROUPS = 30
TOO_FEW = "too few to tell"


def groups_section(findings: Findings) -> Section | None:
    """Of the pipeline that is recommended, or else the one that comes nearest to that."""
    conclusion = findings.conclusion
    if not conclusion.by_group:
        return None
    judged = {standing.measure for standing in conclusion.judges}
    pipeline = conclusion.by_group[0].evaluation.pipeline
    return Section(
        "groups",
        "By group",
        (f"What #{findings.numbers[pipeline]} scores on groups of the questions, the largest first.",),
        tables=tuple(_table(figures, _verdicts(figures, conclusion), judged) for figures in conclusion.by_group),
        notes=(
            "Ranges in brackets are 95 % intervals, which hold for all groups of a table at once. A limit is kept or "
            "missed where that is shown of all questions, asked or not.",
            *(note for figures in conclusion.by_group for note in _notes(figures)),
        ),
    )


def _verdicts(figures: ColumnFigures, conclusion: Conclusion) -> tuple[GroupVerdicts, ...]:
    """What is known of the limits that are for each group of the column."""
    own = (finalist for finalist in conclusion.finalists if finalist.evaluation is figures.evaluation)
    return tuple(each for finalist in own for each in finalist.groups if each.limit.column == figures.column)


def _table(figures: ColumnFigures, verdicts: tuple[GroupVerdicts, ...], judged: Collection[str]) -> SectionTable:
    names = (f"{'raw ' if measure in judged else ''}{column_name(measure)}" for measure in figures.measures)
    limits = (f"{each.limit.measure} {'>=' if each.limit.floor else '<='} {each.limit.amount}" for each in verdicts)
    return SectionTable(
        f"By {figures.column}",
        (figures.column, "questions", *names, *limits),
        tuple(_row(group, figures, verdicts) for group in figures.groups[:LISTED_GROUPS]),
        left_out=max(0, len(figures.groups) - LISTED_GROUPS),
    )


def _row(group: GroupFigures, figures: ColumnFigures, verdicts: tuple[GroupVerdicts, ...]) -> SectionRow:
    kept = (str(each.groups.get(group.group, MISSING)) for each in verdicts)
    return SectionRow(
        (
            Cell(group.group, group.group),
            Cell(f"{group.questions:,}", group.questions),
            *(_score(group, measure) for measure in figures.measures),
            *(Cell(verdict, verdict) for verdict in kept),
        )
    )


def _score(group: GroupFigures, measure: str) -> Cell:
    estimate = group.estimates.get(measure)
    if estimate is None:
        return Cell(TOO_FEW)
    return Cell(figure_with_interval(group.estimates, measure), finite(estimate.value))


def _notes(figures: ColumnFigures) -> Iterator[str]:
    small = [each.group for each in figures.groups if each.too_small]
    if small:
        groups = agreeing(len(small), "group has", "groups have")
        yield (
            f"By {figures.column}, {groups} fewer than {FEWEST_IN_GROUP} questions, too few to tell anything: "
            f"{listed_in_part(small, NAMED_GROUPS)}."
        )
    if figures.ungrouped:
        yield f"{agreeing(figures.ungrouped, 'question has', 'questions have')} no {figures.column}."
