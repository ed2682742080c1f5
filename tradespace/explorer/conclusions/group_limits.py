"""Limits for each group of questions: whether every group keeps them, on all questions, asked or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tradespace.evals.verdicts import BoundVerdict, score_verdicts
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Goals


@dataclass(frozen=True, slots=True)
class GroupVerdicts:
    """Whether a pipeline keeps a limit that is for each group.

    Attributes:
        limit: the limit.
        groups: by group, whether it is kept there.
    """

    limit: Bound
    groups: Mapping[str, BoundVerdict]

    @property
    def verdict(self) -> BoundVerdict:
        """Kept where every group is shown to keep it, missed where one is shown to miss it."""
        verdicts = set(self.groups.values())
        if BoundVerdict.MISSED in verdicts:
            return BoundVerdict.MISSED
        return BoundVerdict.UNDECIDED if BoundVerdict.UNDECIDED in verdicts else BoundVerdict.KEPT


def group_verdicts(cohort: Cohort, goals: Goals) -> list[tuple[GroupVerdicts, ...]]:
    """Say of each pipeline what is known of each limit that is for each group.

    The goals' error is the chance that any verdict on a limit is wrong, of all pipelines and all groups.
    """
    limits = [limit for limit in goals.limits if limit.groups]
    by_limit = [_verdicts(cohort, limit, goals.error) for limit in limits]
    return [
        tuple(GroupVerdicts(limit, each[row]) for limit, each in zip(limits, by_limit, strict=True))
        for row in range(len(cohort))
    ]


def _verdicts(cohort: Cohort, limit: Bound, error: float) -> list[Mapping[str, BoundVerdict]]:
    alone = error / max(1, len(limit.groups))
    columns = [
        score_verdicts(cohort.scores(part.measure), limit.limit, alone, floor=limit.floor) for part in limit.parts
    ]
    return [dict(zip(limit.groups, row, strict=True)) for row in zip(*columns, strict=True)]
