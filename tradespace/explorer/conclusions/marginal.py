"""What a millisecond more, or less, for one group of stages is worth, while the others keep theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.evals.statistics import Estimate
from tradespace.explorer.arrays import Flags, Floats
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.split import TOLERANCE, SplitPool
from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Objective, ServiceLevel

SMALLEST_SHARE = 0.01
"""Of the latency of the pipeline that is compared with: what takes less more, or less, says nothing of a rate."""


@dataclass(frozen=True, slots=True)
class MarginalPipeline:
    """The pipeline that more, or less, time for one group buys at the best rate.

    Attributes:
        group: its position in the split of the service level.
        seconds: that the group takes more than in the pipeline that is compared with; negative where less.
        change: how much better it is than that in the first objective, paired over questions; negative where worse.
    """

    group: int
    pipeline: str
    seconds: float
    change: Estimate

    @property
    def per_second(self) -> float:
        """Of the first objective, for each second more."""
        return (self.change.value or 0.0) / self.seconds


def marginal_pipelines(
    evaluations: Sequence[Evaluation], objective: Objective, sla: ServiceLevel, own: str
) -> tuple[MarginalPipeline, ...]:
    """For each group of stages, what the next milliseconds buy at best beside a pipeline, and what saving some costs
    at least; the other groups take no more than in that pipeline.

    Args:
        evaluations: on one choice of questions; `own` is among them.
        objective: what is bought.
        sla: its latency figure, and the groups. Its bound does not count: it is what is asked about.
        own: the pipeline that is compared with.

    Returns:
        At most two for each group, more time first; none where nothing is to be had.
    """
    pool = SplitPool(Cohort(tuple(evaluations)), objective, sla)
    place = pool.place_of(own)
    if place is None or not np.isfinite([*pool.seconds[place], pool.gain[place]]).all():
        return ()
    groups = range(pool.seconds.shape[1])
    return tuple(found for group in groups for found in _of_group(pool, place, group))


def _of_group(pool: SplitPool, own: int, group: int) -> Iterator[MarginalPipeline]:
    gained, longer = pool.gain - pool.gain[own], pool.seconds[:, group] - pool.seconds[own, group]
    others = np.delete(pool.seconds <= pool.seconds[own] * TOLERANCE, group, axis=1).all(axis=1)
    counts = np.abs(longer) >= SMALLEST_SHARE * pool.seconds[own].sum()
    known = others & counts & np.isfinite(gained) & np.isfinite(longer)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = gained / longer
    yield from _best_rate(pool, own, group, known & (longer > 0) & (gained > 0), -rate)
    yield from _best_rate(pool, own, group, known & (longer < 0), rate)


def _best_rate(pool: SplitPool, own: int, group: int, able: Flags, rate: Floats) -> Iterator[MarginalPipeline]:
    """The pipeline of the least rate; nothing where none is able."""
    rows = np.flatnonzero(able)
    if not len(rows):
        return
    row = int(rows[np.argmin(rate[rows])])
    seconds = float(pool.seconds[row, group] - pool.seconds[own, group])
    yield MarginalPipeline(group, pool.cohort.evaluations[row].pipeline, seconds, pool.advantage(row, own))
