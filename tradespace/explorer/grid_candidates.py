"""What a search may know of a grid that was measured elsewhere: all costs, and what looking a score up takes."""

from __future__ import annotations

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.conclusions.figures import figures
from tradespace.explorer.recorded_evaluator import RecordedEvaluator
from tradespace.explorer.search.candidates import RecordedCandidates
from tradespace.search_space.goals import Goals

CHEAPEST = 1e-9
"""The least that anything is taken to cost, so that no gain is had for nothing."""


def grid_candidates(evaluator: RecordedEvaluator, goals: Goals) -> RecordedCandidates:
    """The pipelines of a grid on the questions of an evaluator, each pair of both a call of its own.

    Latencies and dollars are foretold as they were measured. A call costs the dollars that it took, or else its
    seconds, or 1 where neither is known.
    """
    grid, columns = evaluator.grid, evaluator.columns
    pipelines = list(evaluator.rows)
    costs = tuple(name for name in goals.needed if name not in goals.scores)
    prices, unit = _prices(evaluator)
    cells = len(pipelines) * len(columns)
    looked_up = RecordedEvaluator(grid, evaluator.question_set, evaluator.questions).evaluate(pipelines)
    return RecordedCandidates(
        pipelines,
        np.stack([grid.scores[name][:, columns] for name in goals.scores], axis=2),
        figures(looked_up, costs),
        np.arange(cells + 1, dtype=np.intp),
        np.arange(cells, dtype=np.intp),
        prices,
        costs,
        goals.scores,
        unit,
    )


def _prices(evaluator: RecordedEvaluator) -> tuple[Floats, str]:
    """The price of each pair of pipeline and question, pipeline after pipeline, and its unit; one that is missing is
    the mean of the others."""
    usd, seconds = evaluator.grid.usd, evaluator.grid.seconds
    known = usd if usd is not None else seconds
    shape = (len(evaluator.rows), len(evaluator.columns))
    prices = np.ones(shape) if known is None else known[:, evaluator.columns]
    typical = np.nanmean(prices) if np.isfinite(prices).any() else 1.0
    filled = np.maximum(np.where(np.isnan(prices), typical, prices), CHEAPEST)
    return filled.ravel(), "s" if usd is None else "usd"
