"""What a run was worth, by the truth that it did not see."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.search.hypervolume import hypervolume
from bench.search.market import Market, Moment
from bench.search.recording import Recording
from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.dominance import non_dominated

BUDGETS = (0.05, 0.1, 0.2, 0.5, 1.0)
"""Shares of the price of everything."""
LEVELS = (0.95, 0.99)
GRID = np.round(np.geomspace(0.01, 1.0, 41), 4)
"""Shares of the price of everything at which the figure has a point."""


@dataclass(frozen=True)
class Truth:
    """What is true of the pipelines of a recording.

    Attributes:
        explored: the area that all pipelines dominate that keep the bound, by explore scores and true costs.
        fresh: the same by fresh scores.
        fresh_floor: the worst fresh score that keeps the bound.
        best: the best fresh score that keeps the bound.
    """

    recording: Recording
    explored: float
    fresh: float
    fresh_floor: float
    best: float

    @classmethod
    def of(cls, recording: Recording) -> Truth:
        """Of all pipelines."""
        kept = recording.fresh_scores[recording.kept]
        floor, costs, bound = float(kept.min()), recording.true_costs, recording.bound
        explored = hypervolume(recording.explore_scores, costs, recording.floor, bound)
        return cls(recording, explored, hypervolume(recording.fresh_scores, costs, floor, bound), floor, kept.max())

    def explored_share(self, rows: Integers) -> float:
        """The share of the area that pipelines dominate, however a strategy estimates them."""
        recording = self.recording
        scores, costs = recording.explore_scores[rows], recording.true_costs[rows]
        return hypervolume(scores, costs, recording.floor, recording.bound) / self.explored

    def fresh_share(self, rows: Integers) -> float:
        """The share on fresh questions of the area that pipelines dominate."""
        recording = self.recording
        scores, costs = recording.fresh_scores[rows], recording.true_costs[rows]
        return hypervolume(scores, costs, self.fresh_floor, recording.bound) / self.fresh


@dataclass(frozen=True)
class Held:
    """What a strategy holds at some moment: pipelines with their estimates."""

    rows: Integers
    scores: Floats
    costs: Floats

    def frontier(self, bound: float) -> Integers:
        """Those that it would show: not dominated by its estimates, and within the bound."""
        kept = self.costs <= bound
        flags = non_dominated(np.stack([self.scores[kept], self.costs[kept]], axis=1), [True, False])
        return self.rows[kept][flags]

    def recommended(self, bound: float) -> int | None:
        """The best score within the bound, the cheapest of equals."""
        kept = np.flatnonzero(self.costs <= bound)
        if not len(kept):
            return None
        return int(self.rows[min(kept, key=lambda place: (-self.scores[place], self.costs[place]))])


def measure(market: Market, truth: Truth) -> dict[str, Any]:
    """All figures of a run, as plain values."""
    total, bound = market.recording.total, market.recording.bound
    spent = np.array([moment.spent for moment in market.moments]) / total
    shares = np.array(list(_explored(market.moments, truth)))
    last = held(market.moments)
    shown = last.frontier(bound)
    return {
        "spent": float(spent[-1]),
        "thinking": market.thinking,
        "seconds": market.spent,
        "reached": {f"{level:g}": reached(spent, shares, level) for level in LEVELS},
        "curve": [at(spent, shares, share) for share in GRID],
        "final": float(shares[-1]),
        **_verdicts(market),
        "missed": float((~market.recording.kept[shown]).mean()) if len(shown) else 0.0,
        "budgets": {f"{share:g}": _at_budget(market, truth, share * total * (1 + 1e-9)) for share in BUDGETS},
    }


def _verdicts(market: Market) -> dict[str, int]:
    """How often a strategy said of a pipeline that another is as good, or that it misses the bound; and how often
    that is false of all explore questions, and of true costs."""
    recording = market.recording
    scores, costs = recording.explore_scores, recording.true_costs
    wrong = [scores[by] < scores[row] - 1e-12 or costs[by] > costs[row] * (1 + 1e-9) for row, by in market.raced_out]
    return {
        "raced_out": len(wrong),
        "raced_out_wrongly": int(sum(wrong)),
        "refused": len(market.refused),
        "refused_wrongly": int(recording.kept[market.refused].sum()) if market.refused else 0,
    }


def reached(spent: Floats, shares: Floats, level: float) -> float | None:
    """What was spent when a level was reached for good; None if it never was."""
    below = np.flatnonzero(shares < level - 1e-9)
    first = int(below[-1]) + 1 if len(below) else 0
    return float(spent[first]) if first < len(spent) else None


def at(spent: Floats, shares: Floats, price: float) -> float:
    """The share that was held when so much was spent."""
    place = int(np.searchsorted(spent, price * (1 + 1e-9), side="right"))
    return float(shares[place - 1]) if place else 0.0


def held(moments: Sequence[Moment]) -> Held:
    """What is held after some moments."""
    first = max((place for place, moment in enumerate(moments) if not moment.adds), default=0)
    kept = moments[first:]
    if not kept:
        return Held(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0))
    rows, scores, costs = (np.concatenate([getattr(m, name) for m in kept]) for name in ("rows", "scores", "costs"))
    return Held(rows, scores, costs)


def _explored(moments: Sequence[Moment], truth: Truth) -> Iterator[float]:
    """The share of the area after every moment. What an added pipeline does not move is not computed again."""
    rows = np.zeros(0, dtype=np.intp)
    recording, share = truth.recording, 0.0
    for moment in moments:
        found = (
            moment.rows if moment.known else Held(moment.rows, moment.scores, moment.costs).frontier(recording.bound)
        )
        new = found[recording.kept[found]]
        if not moment.adds:
            rows, share = new, truth.explored_share(new)
        elif any(not _covered(recording, rows, int(row)) for row in new):
            rows = np.concatenate([rows, new])
            rows = rows[
                non_dominated(np.stack([recording.explore_scores[rows], recording.true_costs[rows]], 1), [True, False])
            ]
            share = truth.explored_share(rows)
        yield share


def _covered(recording: Recording, rows: Integers, row: int) -> bool:
    better = recording.explore_scores[rows] >= recording.explore_scores[row]
    return bool((better & (recording.true_costs[rows] <= recording.true_costs[row])).any())


def _at_budget(market: Market, truth: Truth, budget: float) -> dict[str, float | bool]:
    """What a strategy would say had it stopped here. With nothing to recommend it recommends the worst."""
    recording = market.recording
    holds = held([moment for moment in market.moments if moment.spent <= budget])
    row = holds.recommended(recording.bound)
    score = truth.fresh_floor if row is None else float(recording.fresh_scores[row])
    return {
        "fresh": truth.fresh_share(holds.frontier(recording.bound)),
        "regret": 100 * max(0.0, truth.best - score),
        "over": row is not None and not bool(recording.kept[row]),
        "none": row is None,
    }


def median(values: Sequence[float | None]) -> float:
    """The median, where None is never: infinity."""
    return quantile(values, 0.5)


def quantile(values: Sequence[float | None], level: float) -> float:
    """A quantile of what was observed, where None is never: infinity."""
    ordered = sorted(math.inf if value is None else value for value in values)
    return ordered[max(0, math.ceil(level * len(ordered)) - 1)]
