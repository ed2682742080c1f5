"""How the latency budget is best split between the stages: with 100 ms, 20 for the retriever and 80 for the model?

Each group of `ServiceLevel.split` (such as retrieve and rerank) is given a share of the bound. A pipeline fits a split
when the latency figure of each group keeps its part, and its own the whole.

Everything is on one choice of questions: which pipelines fit a split, which of them is best, and how good it is. So
more time takes nothing away: whatever fits a split fits every larger allowance, and is as good there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from tradespace.evals.figures import figure_of
from tradespace.evals.statistics import Estimate
from tradespace.explorer.arrays import Floats
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.figures import advantage, estimates, figures
from tradespace.explorer.conclusions.judging import includes_zero, missed_bounds
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.goals import Objective, ServiceLevel

Shares = tuple[float, ...]
"""What each group of stages is given of the bound; together they are 1."""
TENTHS = 10
TOLERANCE = 1 + 1e-9
SHORTEST_SECONDS = 1e-12


def splits_into(groups: int, parts: int = TENTHS) -> tuple[Shares, ...]:
    """All ways to divide a bound into so many equal parts between groups, none of which is left without any.

    >>> splits_into(2, parts=4)
    ((0.25, 0.75), (0.5, 0.5), (0.75, 0.25))
    >>> len(splits_into(3))
    36
    """
    cuts = combinations(range(1, parts), groups - 1)
    return tuple(tuple((end - start) / parts for start, end in pairwise((0, *cut, parts))) for cut in cuts)


@dataclass(frozen=True, slots=True)
class SplitPoint:
    """The best pipeline for one split of the bound.

    Attributes:
        shares: what each group is given.
        pipeline: the most accurate that fits (of equals the fastest); None when none fits.
        accuracy: its first objective.
        seconds: the latency figure of each group.
        behind: what it lacks in the first objective against `SplitAnswer.own`, or without one against the best point,
            paired over questions; None for that pipeline itself.
    """

    shares: Shares
    pipeline: str | None = None
    accuracy: Estimate | None = None
    seconds: tuple[float, ...] = ()
    behind: Estimate | None = None

    @property
    def tied(self) -> bool:
        """Whether it is another pipeline that does not differ significantly: the interval includes 0."""
        return self.behind is not None and includes_zero(self.behind)


@dataclass(frozen=True, slots=True)
class SplitAnswer:
    """How the recommended pipeline divides the bound, and what other divisions allow.

    Attributes:
        points: one for each split, in ascending order of shares.
        basis: the questions that all figures come from: confirm where the pipelines of all points were confirmed.
        own: the recommended pipeline; its shares are what each group takes of what the pipeline takes.
        allowed: the splits that it fits.
        reverse: of two groups, the point nearest to the other way round of its own split.
    """

    points: tuple[SplitPoint, ...]
    basis: QuestionSet = QuestionSet.EXPLORE
    own: SplitPoint | None = None
    allowed: tuple[Shares, ...] = ()
    reverse: SplitPoint | None = None


def group_figures(cohort: Cohort, sla: ServiceLevel) -> Floats:
    """Return the latency figure of each group, of shape (evaluations, groups), in seconds; stages that no group names
    count in the last."""
    named = {stage for group in sla.split[:-1] for stage in group}
    last = {stage for evaluation in cohort.evaluations for stage in evaluation.seconds} - named
    summary = figure_of(sla.measure).summary
    return np.stack([summary.of(cohort.stage_seconds(stages)) for stages in (*sla.split[:-1], last)], axis=1)


def best_per_split(explored: Sequence[Evaluation], objective: Objective, sla: ServiceLevel) -> tuple[int | None, ...]:
    """Return for each split the position of the best pipeline that fits, of equals the fastest; None if none fits."""
    return SplitPool(Cohort(tuple(explored)), objective, sla).best_of_each()


def answer_split(
    explored: Sequence[Evaluation],
    confirmed: Sequence[Evaluation],
    objective: Objective,
    sla: ServiceLevel,
    recommended: str | None = None,
) -> SplitAnswer:
    """Find the best pipeline for each split of the bound, beside the split of the recommended pipeline.

    All comes from the confirm questions where the pipelines that the explore questions choose for the splits, and the
    recommended one, were confirmed: confirm `best_per_split`. Else all comes from the explore questions, without those
    pipelines that were confirmed to miss the bound.
    """
    missed = missed_bounds(confirmed, [sla.bound])
    refuted = {evaluation.pipeline for evaluation, bounds in zip(confirmed, missed, strict=True) if bounds}
    pool = [evaluation for evaluation in explored if evaluation.pipeline not in refuted]
    picked = {pool[row].pipeline for row in best_per_split(pool, objective, sla) if row is not None}
    needed = picked | ({recommended} if recommended else set())
    if confirmed and needed <= {evaluation.pipeline for evaluation in confirmed}:
        pool = list(confirmed)
    return SplitPool(Cohort(tuple(pool)), objective, sla).answer(recommended)


@dataclass(frozen=True)
class SplitPool:
    """The pipelines that splits choose from, on one choice of questions."""

    cohort: Cohort
    objective: Objective
    sla: ServiceLevel

    @cached_property
    def seconds(self) -> Floats:
        """The latency figure of each group, of shape (pipelines, groups)."""
        return group_figures(self.cohort, self.sla)

    @cached_property
    def gain(self) -> Floats:
        """The first objective, turned so that more is better, of shape (pipelines,)."""
        return figures(self.cohort.evaluations, [self.objective.measure])[:, 0] * (1 if self.objective.maximize else -1)

    @cached_property
    def whole(self) -> Floats:
        """The latency figure of whole pipelines, of shape (pipelines,)."""
        return figures(self.cohort.evaluations, [self.sla.measure])[:, 0]

    @cached_property
    def splits(self) -> tuple[Shares, ...]:
        """Those that are looked at."""
        return splits_into(len(self.sla.split))

    def best_of_each(self) -> tuple[int | None, ...]:
        """The position of the best pipeline for each split; None where none fits."""
        return tuple(self._best(np.flatnonzero(self._fits(shares) & np.isfinite(self.gain))) for shares in self.splits)

    def answer(self, recommended: str | None) -> SplitAnswer:
        """The best for each split, beside the split of the recommended pipeline."""
        rows = self.best_of_each()
        own = self.place_of(recommended)
        top = max((row for row in rows if row is not None), key=lambda row: self.gain[row], default=None)
        reference = top if own is None else own
        points = tuple(self._point(shares, row, reference) for shares, row in zip(self.splits, rows, strict=True))
        basis = self.cohort.question_set or QuestionSet.EXPLORE
        if own is None or not np.isfinite(self.seconds[own]).all():
            return SplitAnswer(points, basis)
        taken = self._point(self.shares_of(own), own, own)
        allowed = tuple(shares for shares in self.splits if self._fits(shares)[own])
        return SplitAnswer(points, basis, taken, allowed, _reverse(taken, points))

    def place_of(self, pipeline: str | None) -> int | None:
        """The position of a pipeline; None where it is not in the pool."""
        return next((row for row, each in enumerate(self.cohort.evaluations) if each.pipeline == pipeline), None)

    def shares_of(self, row: int) -> Shares:
        """What each group of a pipeline takes of what all take."""
        taken = self.seconds[row]
        return tuple((taken / max(float(taken.sum()), SHORTEST_SECONDS)).tolist())

    def accuracy(self, row: int) -> Estimate | None:
        """The first objective of a pipeline."""
        measure = self.objective.measure
        return estimates([self.cohort.evaluations[row]], [measure])[0].get(measure)

    def advantage(self, row: int, other: int) -> Estimate:
        """How much better one pipeline is than another, paired over questions."""
        return advantage(self.cohort.evaluations[row], self.cohort.evaluations[other], self.objective)

    def _fits(self, shares: Shares) -> NDArray[np.bool_]:
        bound = self.sla.seconds * TOLERANCE
        groups = (self.seconds <= np.array(shares) * bound).all(axis=1)
        return np.asarray(groups & (self.whole <= bound))

    def _best(self, rows: NDArray[np.intp]) -> int | None:
        return min(rows.tolist(), key=lambda row: (-self.gain[row], self.seconds[row].sum()), default=None)

    def _point(self, shares: Shares, row: int | None, reference: int | None) -> SplitPoint:
        if row is None or reference is None:
            return SplitPoint(shares)
        behind = None if row == reference else self.advantage(reference, row)
        name = self.cohort.evaluations[row].pipeline
        return SplitPoint(shares, name, self.accuracy(row), tuple(self.seconds[row].tolist()), behind)


def _reverse(own: SplitPoint, points: Sequence[SplitPoint]) -> SplitPoint | None:
    if len(own.shares) != 2:
        return None
    return min(points, key=lambda point: abs(point.shares[0] - own.shares[1]))
