"""What a search is after, in the columns of its figures: scores first, then costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tradespace.explorer.arrays import Flags, Floats, Integers
from tradespace.explorer.search.candidates import CandidateSource
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Goals

SPREADS = 2.0
UNKNOWN_SPREAD = 0.05
"""The relative error of a cost where none is known."""


@dataclass(frozen=True)
class Objectives:
    """The goals of a search, and the figures that its source knows.

    Attributes:
        goals: the goals.
        scores, costs: the names of the figures that are scores, and of those that are foretold.
    """

    goals: Goals
    scores: tuple[str, ...]
    costs: tuple[str, ...]

    @classmethod
    def of(cls, goals: Goals, source: CandidateSource) -> Objectives:
        return cls(goals, source.score_names, source.cost_names)

    @property
    def _names(self) -> list[str]:
        return [*self.scores, *self.costs]

    @cached_property
    def columns(self) -> Integers:
        """The column of each objective among the figures."""
        return np.array([self._names.index(each.measure) for each in self.goals.objectives], dtype=np.intp)

    @cached_property
    def signs(self) -> Floats:
        """What makes a loss of each objective."""
        return np.array([-1.0 if each.maximize else 1.0 for each in self.goals.objectives])

    @cached_property
    def of_scores(self) -> Flags:
        """Which objectives are scores."""
        return self.columns < len(self.scores)

    @cached_property
    def limits(self) -> Floats:
        """The loss that each objective must not exceed; infinite where it has no such bound."""
        bounds = {(bound.measure, bound.floor): bound.limit for bound in self.goals.bounds}
        losses = [bounds.get((each.measure, each.maximize), np.inf) for each in self.goals.objectives]
        return np.where(np.isfinite(losses), self.signs * losses, np.inf)

    def losses(self, figures: Floats) -> Floats:
        """Figures of shape (..., scores + costs) as losses of shape (..., objectives): less is better."""
        return np.asarray(figures[..., self.columns] * self.signs)

    def keep_bounds(self, figures: Floats) -> Flags:
        """Whether figures keep the service level and all limits, of shape (...)."""
        kept = np.ones(figures.shape[:-1], dtype=bool)
        for bound in self.goals.bounds:
            kept &= ~(_excess(bound, figures[..., self._names.index(bound.measure)]) > 0)
        return kept

    def may_keep_bounds(self, costs: Floats, spread: Floats) -> Flags:
        """Whether pipelines may keep the bounds on costs, given those foretold and their relative errors."""
        kept = np.ones(len(costs), dtype=bool)
        errors = np.abs(costs) * relative_errors(spread)
        for bound in self.goals.bounds:
            if bound.measure in self.costs:
                column = self.costs.index(bound.measure)
                kept &= ~(_excess(bound, costs[:, column]) > SPREADS * errors[:, column])
        return kept

    def shares_missed(self, costs: Floats) -> Floats:
        """By what shares of their limits bounds on costs are missed, in all, of shape (pipelines)."""
        missed = np.zeros(len(costs))
        for bound in self.goals.bounds:
            if bound.measure in self.costs:
                excess = np.maximum(_excess(bound, costs[:, self.costs.index(bound.measure)]), 0.0)
                missed += np.nan_to_num(excess, posinf=np.inf) / (abs(bound.limit) or 1.0)
        return missed


def _excess(bound: Bound, values: Floats) -> Floats:
    """By how much figures miss a bound, as `Bound.excess` says of one."""
    return np.asarray(bound.limit - values if bound.floor else values - bound.limit)


def relative_errors(spread: Floats) -> Floats:
    """Spreads, with a usual one where none is known."""
    return np.asarray(np.where(np.isfinite(spread), spread, UNKNOWN_SPREAD))
