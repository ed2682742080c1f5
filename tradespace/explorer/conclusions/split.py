"""How the latency budget is best split between the stages: with 100 ms, 20 for the retriever and 80 for the model?

The first group of `ServiceLevel.split` (such as retrieve and rerank) is given a share of the bound and all other online
stages the rest. A pipeline fits a share when each side's own latency figure keeps its part, and its own the whole.

Everything is on one choice of questions: which pipelines fit a share, which of them is best, and how good it is. So
more time takes nothing away: whatever fits a share fits every larger allowance, and is as good there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

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

SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
TOLERANCE = 1 + 1e-9
SHORTEST_SECONDS = 1e-12


@dataclass(frozen=True, slots=True)
class SplitPoint:
    """The best pipeline for one share of the bound.

    Attributes:
        share: what the first group is given; the other stages get 1 - share.
        pipeline: the most accurate that fits (of equals the fastest); None when none fits.
        accuracy: its first objective.
        seconds: the latency figures of the first group and of the other stages.
        behind: what it lacks in the first objective against `SplitAnswer.own`, or without one against the best point,
            paired over questions; None for that pipeline itself.
    """

    share: float
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
        points: one for each share, ascending.
        basis: the questions that all figures come from: confirm where the pipelines of all points were confirmed.
        own: the recommended pipeline; its share is what the first group takes of what the pipeline takes.
        allowed: the shares that it fits.
        reverse: the point nearest to the other way round of its own share.
    """

    points: tuple[SplitPoint, ...]
    basis: QuestionSet = QuestionSet.EXPLORE
    own: SplitPoint | None = None
    allowed: tuple[float, ...] = ()
    reverse: SplitPoint | None = None


def group_figures(cohort: Cohort, sla: ServiceLevel) -> Floats:
    """Return the latency figure of the first group and of all other stages, of shape (evaluations, 2), in seconds."""
    first = sla.split[0]
    rest = {stage for evaluation in cohort.evaluations for stage in evaluation.seconds} - set(first)
    summary = figure_of(sla.measure).summary
    return np.stack([summary.of(cohort.stage_seconds(stages)) for stages in (first, rest)], axis=1)


def best_per_share(
    explored: Sequence[Evaluation], objective: Objective, sla: ServiceLevel, shares: Sequence[float] = SHARES
) -> tuple[int | None, ...]:
    """Return for each share the position of the best pipeline that fits, of equals the fastest; None if none fits."""
    return _Pool(Cohort(tuple(explored)), objective, sla).best(shares)


def answer_split(
    explored: Sequence[Evaluation],
    confirmed: Sequence[Evaluation],
    objective: Objective,
    sla: ServiceLevel,
    recommended: str | None = None,
) -> SplitAnswer:
    """Find the best pipeline for each share of the bound, beside the split of the recommended pipeline.

    All comes from the confirm questions where the pipelines that the explore questions choose for the shares, and the
    recommended one, were confirmed: confirm `best_per_share`. Else all comes from the explore questions, without those
    pipelines that were confirmed to miss the bound.
    """
    missed = missed_bounds(confirmed, [sla.bound])
    refuted = {evaluation.pipeline for evaluation, bounds in zip(confirmed, missed, strict=True) if bounds}
    pool = [evaluation for evaluation in explored if evaluation.pipeline not in refuted]
    picked = {pool[row].pipeline for row in best_per_share(pool, objective, sla) if row is not None}
    needed = picked | ({recommended} if recommended else set())
    if confirmed and needed <= {evaluation.pipeline for evaluation in confirmed}:
        pool = list(confirmed)
    return _Pool(Cohort(tuple(pool)), objective, sla).answer(recommended, SHARES)


@dataclass(frozen=True)
class _Pool:
    """The pipelines that shares are given to, on one choice of questions."""

    cohort: Cohort
    objective: Objective
    sla: ServiceLevel

    @cached_property
    def seconds(self) -> Floats:
        return group_figures(self.cohort, self.sla)

    @cached_property
    def gain(self) -> Floats:
        return figures(self.cohort.evaluations, [self.objective.measure])[:, 0] * (1 if self.objective.maximize else -1)

    @cached_property
    def whole(self) -> Floats:
        return figures(self.cohort.evaluations, [self.sla.measure])[:, 0]

    def fits(self, share: float) -> NDArray[np.bool_]:
        """Say which pipelines fit a share."""
        bound = self.sla.seconds * TOLERANCE
        sides = (self.seconds <= np.array([share, 1 - share]) * bound).all(axis=1)
        return np.asarray(sides & (self.whole <= bound))

    def best(self, shares: Sequence[float]) -> tuple[int | None, ...]:
        return tuple(self._best(np.flatnonzero(self.fits(share) & np.isfinite(self.gain))) for share in shares)

    def _best(self, rows: NDArray[np.intp]) -> int | None:
        return min(rows.tolist(), key=lambda row: (-self.gain[row], self.seconds[row].sum()), default=None)

    def answer(self, recommended: str | None, shares: Sequence[float]) -> SplitAnswer:
        rows = self.best(shares)
        own = next(
            (row for row, evaluation in enumerate(self.cohort.evaluations) if evaluation.pipeline == recommended), None
        )
        top = max((row for row in rows if row is not None), key=lambda row: self.gain[row], default=None)
        reference = top if own is None else own
        points = tuple(self._point(share, row, reference) for share, row in zip(shares, rows, strict=True))
        basis = self.cohort.question_set or QuestionSet.EXPLORE
        if own is None or not np.isfinite(self.seconds[own]).all():
            return SplitAnswer(points, basis)
        first, rest = self.seconds[own].tolist()
        taken = self._point(first / max(first + rest, SHORTEST_SECONDS), own, own)
        allowed = tuple(share for share in shares if self.fits(share)[own])
        reverse = min(points, key=lambda point: abs(point.share - (1 - taken.share)))
        return SplitAnswer(points, basis, taken, allowed, reverse)

    def _point(self, share: float, row: int | None, reference: int | None) -> SplitPoint:
        if row is None or reference is None:
            return SplitPoint(share)
        evaluation, other = (self.cohort.evaluations[place] for place in (row, reference))
        accuracy = estimates([evaluation], [self.objective.measure])[0].get(self.objective.measure)
        behind = None if row == reference else advantage(other, evaluation, self.objective)
        return SplitPoint(share, evaluation.pipeline, accuracy, tuple(self.seconds[row].tolist()), behind)
