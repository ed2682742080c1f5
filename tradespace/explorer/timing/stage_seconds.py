"""What the stages of a pipeline take, question by question, and the figures that follow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tradespace.evals.figures import figure_of
from tradespace.explorer.results import CallRounds, Conditions
from tradespace.explorer.running.bill import ServedSeconds

FIGURE_RESAMPLES = 200
"""Resamples of the questions from which it is told how sure a figure is while others stand for them."""
Seconds = tuple[float | None, ...]
"""One value for each question; None where it failed or was not reached, or where nobody knows."""


@dataclass(frozen=True, slots=True)
class PipelineSeconds:
    """What the stages of a pipeline took, or would take.

    Attributes:
        seconds: by online stage; NaN where a stage that was not run is not known.
        conditions: how they were timed.
        end_to_end: of the whole pipeline on the first questions; empty where it was not run.
        served: by online stage, for each question.
        server_calls: as of an `Evaluation`.
        repeats: as of an `Evaluation`.
        counted: by quantity and online stage, what this machine counted, or would count by what it counted of other
            calls of the same component; None where it counts none.
        error: by what share of all its seconds the models that foretell some of them are off, at the 95th percentile.
        borrowed: how many questions have seconds of other questions, as their own calls are not made yet.
    """

    seconds: Mapping[str, Seconds]
    conditions: Conditions
    end_to_end: Seconds = ()
    served: Mapping[str, Sequence[ServedSeconds]] = field(default_factory=dict)
    server_calls: Mapping[str, tuple[CallRounds | None, ...]] = field(default_factory=dict)
    repeats: Mapping[str, tuple[tuple[float, ...] | None, ...]] = field(default_factory=dict)
    counted: Mapping[str, Mapping[str, Seconds]] = field(default_factory=dict)
    error: float = 0.0
    borrowed: int = 0

    def figure(self, measure: str) -> tuple[float, float]:
        """A latency figure over all questions, such as `latency_p95`, and its relative standard error.

        The error is that of the models which foretell what was not timed (half of what they are off at the 95th
        percentile, on calls kept from them), and that of the questions which stand for others. What failed is
        infinitely slow. The figure is NaN, and its error infinite, while nothing is known of a stage.
        """
        rows = [[math.inf if value is None else value for value in row] for row in self.seconds.values()]
        total = np.array(rows, dtype=np.float64).sum(axis=0)
        summary, known = figure_of(measure).summary, total[~np.isnan(total)]
        if not len(known):
            return math.nan, math.inf
        value, model = float(summary.of(known)), self.error / 2
        unknown = max(self.borrowed, len(total) - len(known)) / len(total)
        if not unknown or not math.isfinite(value):
            return value, model
        drawn = np.random.default_rng(0).choice(known, size=(FIGURE_RESAMPLES, len(known)))
        return value, math.hypot(model, math.sqrt(unknown) * float(np.std(summary.of(drawn))) / value)
