"""What a pipeline scores on each group of questions: by language, type, product, or whatever a column tells apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradespace.evals.simultaneous import simultaneous_means
from tradespace.evals.statistics import CONFIDENCE, SCORES, Estimate
from tradespace.explorer.question_groups import FEWEST_IN_GROUP, masked
from tradespace.explorer.results import Evaluation, GroupColumns

GroupScores = Mapping[str, Estimate]
"""By measure, the mean over the questions of a group."""


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One group.

    Attributes:
        group: the value that its questions have in the column.
        questions: how many were asked.
        estimates: by measure, with 95 % intervals that hold for all groups of the column at once; a measure is left out
            that has too few questions to tell anything, and so are all of a group that is too small.
    """

    group: str
    questions: int
    estimates: GroupScores

    @property
    def too_small(self) -> bool:
        """Whether it has too few questions to tell anything."""
        return self.questions < FEWEST_IN_GROUP


@dataclass(frozen=True, slots=True)
class ColumnFigures:
    """The groups of one column, the largest first.

    Attributes:
        column: its name.
        evaluation: the pipeline that the figures are of, on the questions that it was asked.
        measures: what is scored.
        ungrouped: questions that have no value in the column.
    """

    column: str
    evaluation: Evaluation
    measures: tuple[str, ...]
    groups: tuple[GroupFigures, ...]
    ungrouped: int


def figures_by_group(
    evaluation: Evaluation, columns: GroupColumns, measures: Sequence[str], judged: Evaluation | None = None
) -> tuple[ColumnFigures, ...]:
    """What a pipeline scores on the groups of each column, given the groups of its questions; a column of one group is
    left out. Where its scores were corrected, `judged` is the pipeline as it was judged: a group has too few labels."""
    scores = (judged or evaluation).scores
    rows = {measure: scores[measure] for measure in measures if scores.get(measure)}
    every = (_column(evaluation, name, groups, rows) for name, groups in columns.items())
    return tuple(column for column in every if len(column.groups) > 1)


def _column(
    evaluation: Evaluation, name: str, groups: Sequence[str], rows: Mapping[str, Sequence[float | None]]
) -> ColumnFigures:
    asked = groups[: max(map(len, rows.values()), default=0)]
    sizes = Counter(group for group in asked if group)
    large = sum(size >= FEWEST_IN_GROUP for size in sizes.values())
    return ColumnFigures(
        name,
        evaluation,
        tuple(rows),
        tuple(GroupFigures(group, size, _estimates(rows, asked, group, large)) for group, size in sizes.most_common()),
        len(asked) - sizes.total(),
    )


def _estimates(
    rows: Mapping[str, Sequence[float | None]], column: Sequence[str], group: str, groups: int
) -> dict[str, Estimate]:
    """Intervals of so many groups hold at once: each is that much surer alone (Bonferroni)."""
    alone = 1 - (1 - CONFIDENCE) / max(1, groups)
    means = {
        measure: simultaneous_means([masked(row, column, group)], SCORES, alone)[0] for measure, row in rows.items()
    }
    return {measure: estimate for measure, estimate in means.items() if estimate.n >= FEWEST_IN_GROUP}
