"""How the latency budget is best split between the stages: with 100 ms, 20 for the retriever and 80 for the model?

The first group of `ServiceLevel.split` (such as retrieve and rerank) is given a share of the bound and all other online
stages the rest. A pipeline fits a share when each side's own latency figure keeps its part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.figures import Floats, advantage, estimates, figure, figures, stage_seconds
from tradespace.explorer.results import Evaluation, Split
from tradespace.search_space.goals import Objective, ServiceLevel

SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class SplitPoint:
    """The best pipeline for one share of the bound.

    Attributes:
        share: what the first group is given; the other stages get 1 - share.
        pipeline: the most accurate that fits on the explore questions (of equals the fastest); None when none fits.
        accuracy: its first objective, on the questions of the answer's basis.
        seconds: the latency figures of the first group and of the other stages on the explore questions.
        behind: what it lacks in the first objective against the best point, paired over questions; None for that
            pipeline itself.
    """

    share: float
    pipeline: str | None = None
    accuracy: Estimate | None = None
    seconds: tuple[float, ...] = ()
    behind: Estimate | None = None

    @property
    def tied(self) -> bool:
        """Whether it is another pipeline that can't be told apart from the best: the interval includes 0."""
        return self.behind is not None and (self.behind.low or 0) <= 0 <= (self.behind.high or 0)


@dataclass(frozen=True, slots=True)
class SplitAnswer:
    """Which split wins, and what the other way round gives.

    Attributes:
        points: one for each share, ascending.
        basis: the questions that accuracies come from: confirm where the pipelines of all points were confirmed.
        best: the most accurate; of shares with one pipeline that which leaves most room on its tighter side.
        reverse: the other way round: the point at 1 - best.share, where that share was looked at.
    """

    points: tuple[SplitPoint, ...]
    basis: Split = Split.EXPLORE
    best: SplitPoint | None = None
    reverse: SplitPoint | None = None


def group_figures(evaluations: Sequence[Evaluation], sla: ServiceLevel) -> Floats:
    """Return the latency figure of the first group and of all other stages, of shape (evaluations, 2), in seconds."""
    first = sla.split[0]
    rest = {stage for evaluation in evaluations for stage in evaluation.seconds} - set(first)
    return np.stack([figure(stage_seconds(evaluations, stages), sla.measure) for stages in (first, rest)], axis=1)


def best_per_share(
    explored: Sequence[Evaluation], objective: Objective, sla: ServiceLevel, shares: Sequence[float] = SHARES
) -> tuple[int | None, ...]:
    """Return for each share the position of the best pipeline that fits, of equals the fastest; None if none fits."""
    return _best_fits(group_figures(explored, sla), _gain(explored, objective), sla, shares)


def answer_split(
    explored: Sequence[Evaluation],
    confirmed: Sequence[Evaluation],
    objective: Objective,
    sla: ServiceLevel,
    shares: Sequence[float] = SHARES,
) -> SplitAnswer:
    """Find the best pipeline for each share of the bound, and say which share wins.

    Pipelines are chosen on the explore questions. Where all of them were confirmed they are quoted and compared on the
    confirm questions, so that no figure comes from the questions that chose the pipeline: confirm `best_per_share`.
    """
    seconds = group_figures(explored, sla)
    rows = _best_fits(seconds, _gain(explored, objective), sla, shares)
    fits = [(share, row) for share, row in zip(shares, rows, strict=True) if row is not None]
    if not fits:
        return SplitAnswer(tuple(map(SplitPoint, shares)))
    known = {evaluation.pipeline: evaluation for evaluation in confirmed}
    basis = Split.CONFIRM if all(explored[row].pipeline in known for _, row in fits) else Split.EXPLORE
    quoted = {row: known[explored[row].pipeline] if basis is Split.CONFIRM else explored[row] for _, row in fits}
    gain = dict(zip(quoted, _gain(list(quoted.values()), objective).tolist(), strict=True))
    best = max(fits, key=lambda fit: (gain[fit[1]], _room(seconds[fit[1]], fit[0], sla)))
    found = {share: _point(share, quoted[row], seconds[row], quoted[best[1]], objective) for share, row in fits}
    points = tuple(found.get(share, SplitPoint(share)) for share in shares)
    reverse = next((point for point in points if math.isclose(point.share + best[0], 1)), None)
    return SplitAnswer(points, basis, found[best[0]], reverse)


def _gain(evaluations: Sequence[Evaluation], objective: Objective) -> Floats:
    return figures(evaluations, [objective.measure])[:, 0] * (1 if objective.maximize else -1)


def _best_fits(seconds: Floats, gain: Floats, sla: ServiceLevel, shares: Sequence[float]) -> tuple[int | None, ...]:
    return tuple(_best_fit(seconds, gain, np.array([share, 1 - share]) * sla.seconds) for share in shares)


def _best_fit(seconds: Floats, gain: Floats, allowed: Floats) -> int | None:
    rows = np.flatnonzero((seconds <= allowed * (1 + 1e-9)).all(axis=1) & np.isfinite(gain))
    return min(rows.tolist(), key=lambda row: (-gain[row], seconds[row].sum()), default=None)


def _room(seconds: Floats, share: float, sla: ServiceLevel) -> float:
    """Return the part of its allowance that the tighter side leaves unused."""
    return 1 - float((seconds / (np.array([share, 1 - share]) * sla.seconds)).max())


def _point(share: float, quoted: Evaluation, seconds: Floats, best: Evaluation, objective: Objective) -> SplitPoint:
    accuracy = estimates([quoted], [objective.measure])[0][objective.measure]
    behind = None if quoted is best else advantage(best, quoted, objective)
    return SplitPoint(share, quoted.pipeline, accuracy, tuple(seconds.tolist()), behind)
