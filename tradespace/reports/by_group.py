"""Groups of questions: what a pipeline scores on each, as tables, and whether each keeps its limits, in sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tradespace.evals.figures.units import MISSING
from tradespace.evals.verdicts import BoundVerdict
from tradespace.explorer.conclusions.by_group import ColumnFigures, GroupFigures
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.group_limits import GroupVerdicts
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.question_groups import FEWEST_IN_GROUP
from tradespace.plurals import agreeing, count
from tradespace.reports.words import column_name, figure_with_interval, listed_in_part
from tradespace.search_space.goals import Goals

LISTED_GROUPS = 30
NAMED_GROUPS = 5
"""Groups that a sentence names at most."""
TOO_FEW = "too few to tell"


@dataclass(frozen=True, slots=True)
class GroupTable:
    """The groups of one column of the questions, the largest first.

    Attributes:
        column: its name.
        pipeline: whose figures they are.
        head: what stands in each column of the table.
        rows: as many texts for each group.
        notes: what is to be known besides.
    """

    column: str
    pipeline: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def group_tables(conclusion: Conclusion) -> tuple[GroupTable, ...]:
    """A table for each column that tells groups of questions apart."""
    judged = {standing.measure for standing in conclusion.judges}
    return tuple(_table(figures, _verdicts(figures, conclusion), judged) for figures in conclusion.by_group)


def group_notes(finalist: Finalist, goals: Goals) -> tuple[str, ...]:
    """Whether limits that are for each group are kept on other questions too, as far as the questions decide that."""
    return tuple(_limit_note(verdicts, finalist, goals.error) for verdicts in finalist.groups)


def _verdicts(figures: ColumnFigures, conclusion: Conclusion) -> tuple[GroupVerdicts, ...]:
    """What is known of the limits that are for each group of the column."""
    own = (finalist for finalist in conclusion.finalists if finalist.evaluation is figures.evaluation)
    return tuple(each for finalist in own for each in finalist.groups if each.limit.column == figures.column)


def _table(figures: ColumnFigures, verdicts: tuple[GroupVerdicts, ...], judged: Collection[str]) -> GroupTable:
    names = (f"{'raw ' if measure in judged else ''}{column_name(measure)}" for measure in figures.measures)
    limits = (f"{each.limit.measure} {'>=' if each.limit.floor else '<='} {each.limit.amount}" for each in verdicts)
    return GroupTable(
        figures.column,
        figures.evaluation.pipeline,
        (figures.column, "questions", *names, *limits),
        tuple(_row(group, figures, verdicts) for group in figures.groups[:LISTED_GROUPS]),
        tuple(_notes(figures)),
    )


def _row(group: GroupFigures, figures: ColumnFigures, verdicts: tuple[GroupVerdicts, ...]) -> tuple[str, ...]:
    scores = (
        figure_with_interval(group.estimates, measure) if measure in group.estimates else TOO_FEW
        for measure in figures.measures
    )
    kept = (str(each.groups.get(group.group, MISSING)) for each in verdicts)
    return (group.group, f"{group.questions:,}", *scores, *kept)


def _notes(figures: ColumnFigures) -> Iterator[str]:
    unlisted, small = len(figures.groups) - LISTED_GROUPS, [each for each in figures.groups if each.too_small]
    if small:
        named = listed_in_part([each.group for each in small], NAMED_GROUPS)
        groups = agreeing(len(small), "group has", "groups have")
        yield f"{groups} fewer than {FEWEST_IN_GROUP} questions, too few to tell anything: {named}."
    if unlisted > 0:
        yield f"{agreeing(unlisted, 'smaller group is', 'smaller groups are')} not listed."
    if figures.ungrouped:
        yield f"{agreeing(figures.ungrouped, 'question has', 'questions have')} no {figures.column}."


def _limit_note(verdicts: GroupVerdicts, finalist: Finalist, error: float) -> str:
    limit, sure = verdicts.limit, f"at an error of {error:.3g} over all finalists and groups"
    said = "can't be decided" if verdicts.verdict is BoundVerdict.UNDECIDED else f"is {verdicts.verdict}"
    these = [group for group, verdict in verdicts.groups.items() if verdict is verdicts.verdict]
    named = "" if verdicts.verdict is BoundVerdict.KEPT else f" for {listed_in_part(these, NAMED_GROUPS)}"
    return f"The limit {limit} {said}{named}, {sure}.{_worst(verdicts, finalist)}"


def _worst(verdicts: GroupVerdicts, finalist: Finalist) -> str:
    """The group that comes nearest to missing a limit, or misses it most."""
    limit, known = verdicts.limit, finalist.estimates
    groups = {part.measure: group for part, group in zip(limit.parts, limit.groups, strict=True)}
    measured = [name for name in groups if name in known]
    if not measured:
        return ""
    worst = max(measured, key=lambda name: limit.excess(known[name].value or 0.0))
    figure = f"{figure_with_interval(known, worst)}, on {count(known[worst].n, 'question')}"
    return f" The {'lowest' if limit.floor else 'highest'} is {groups[worst]}: {figure}."
