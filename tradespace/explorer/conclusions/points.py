"""The explored pipelines: their figures on the explore questions, and which of them are on the frontier."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tradespace.evals.statistics import Estimate
from tradespace.explorer.arrays import Floats
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.figures import estimates, figures, replicates
from tradespace.explorer.dominance import front_layers, membership, non_dominated
from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Goals

RIVALS = 500


@dataclass(frozen=True, slots=True)
class Point:
    """One explored pipeline: its figures by measure (None where missing or infinite), on the explore questions.

    `membership` is the share of bootstrap resamples of the questions in which it is on the frontier, known for the best
    few hundred; `estimates` holds intervals, for frontier pipelines only. `missing` counts questions without a score in
    the first objective.
    """

    evaluation: Evaluation
    figures: Mapping[str, float | None]
    on_frontier: bool = False
    membership: float | None = None
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    failures: int = 0
    missing: int = 0


def explored_points(
    evaluations: Sequence[Evaluation], measures: Sequence[str], goals: Goals, questions: int
) -> tuple[Point, ...]:
    """Summarise pipelines that were asked so many questions by `measures`, which start with those of the
    objectives, and find the frontier."""
    if not evaluations:
        return ()
    table = figures(evaluations, measures)
    objectives = table[:, : len(goals.objectives)]
    on_frontier = non_dominated(objectives, goals.maximize)
    shares = _frontier_membership(evaluations, objectives, goals)
    rows = np.flatnonzero(on_frontier).tolist()
    intervals = dict(zip(rows, estimates([evaluations[row] for row in rows], measures), strict=True))
    missing = _missing(Cohort(tuple(evaluations)).values(goals.primary.measure), questions)
    return tuple(
        Point(
            evaluation,
            {name: value if math.isfinite(value) else None for name, value in zip(measures, values, strict=True)},
            on_frontier=row in intervals,
            membership=shares.get(row),
            estimates=intervals.get(row, {}),
            failures=len(evaluation.failures),
            missing=gaps,
        )
        for row, (evaluation, values, gaps) in enumerate(zip(evaluations, table.tolist(), missing, strict=True))
    )


def _missing(values: Floats, questions: int) -> list[int]:
    """How many questions each row lacks a value for; all of them where no row has any, as of a measure that applies to
    no question."""
    gaps: list[int] = np.isnan(values).sum(axis=1).tolist()
    return gaps if values.shape[1] else [questions] * len(gaps)


def _frontier_membership(evaluations: Sequence[Evaluation], table: Floats, goals: Goals) -> dict[int, float]:
    """Return membership by position, for the best `RIVALS` pipelines: others hardly ever push one off the frontier."""
    rows = front_layers(table, goals.maximize, RIVALS).tolist()
    if not rows:
        return {}
    rivals = Cohort(tuple(evaluations[row] for row in rows))
    shares = membership(replicates(rivals, goals.measures), goals.maximize)
    return dict(zip(rows, shares.tolist(), strict=True))
