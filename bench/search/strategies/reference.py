"""What the others are compared with: everything, what is free collected, and knowing the answer."""

from __future__ import annotations

import numpy as np

from bench.search.hypervolume import hypervolume
from bench.search.market import Market, Moment
from tradespace.explorer.arrays import Integers
from tradespace.explorer.dominance import non_dominated


def exhaustive(market: Market, seed: int) -> None:
    """Every pipeline on every question."""
    for row in range(market.pipelines):
        market.evaluate(row)


def random_collecting(market: Market, seed: int, every: int = 4) -> None:
    """Random draws; every pipeline whose calls happen to be known by then counts as evaluated, for it costs nothing."""
    left = np.random.default_rng(seed).permutation(market.pipelines)
    known = np.zeros(market.pipelines, dtype=bool)
    while len(left):
        for row in left[:every]:
            market.buy([row], 0, market.questions)
        free = np.setdiff1d(market.complete(), np.flatnonzero(known), assume_unique=True)
        known[free] = True
        recording = market.recording
        claimed = Moment(market.spent, free, recording.explore_scores[free], recording.costs[free], adds=True)
        market.moments.append(claimed)
        left = left[~known[left]]


def oracle(market: Market, seed: int) -> None:
    """Knows the frontier, and buys its calls only: next what adds the most area for its price."""
    recording = market.recording
    rows = true_frontier(market)
    held: list[int] = []
    while len(rows):
        before = _area(market, held)
        gains = [(_area(market, [*held, row]) - before) / max(_price(market, row), 1e-12) for row in rows]
        row = int(rows[int(np.argmax(gains))])
        market.evaluate(row)
        market.moments[-1] = Moment(
            market.spent, np.array([row]), recording.explore_scores[[row]], recording.true_costs[[row]], adds=True
        )
        held.append(row)
        rows = rows[rows != row]


def true_frontier(market: Market) -> Integers:
    """One of each class of pipelines that nothing beats in score on the explore questions and true cost, of those
    that keep the bound: the one whose calls cost least."""
    recording = market.recording
    kept = np.flatnonzero(recording.kept)
    points = np.stack([recording.explore_scores[kept], recording.true_costs[kept]], axis=1)
    rows = kept[non_dominated(points, [True, False])]
    ordered = rows[np.argsort([_price(market, int(row)) for row in rows], kind="stable")]
    figures = np.stack([recording.explore_scores[ordered], recording.true_costs[ordered]], axis=1)
    return ordered[np.sort(np.unique(figures.round(12), axis=0, return_index=True)[1])]


def _price(market: Market, row: int) -> float:
    """What a pipeline's missing calls cost."""
    recording = market.recording
    cell = row * market.questions
    calls = np.unique(recording.calls[recording.starts[cell] : recording.starts[cell + market.questions]])
    return float(recording.prices[calls[~market.bought[calls]]].sum())


def _area(market: Market, rows: list[int]) -> float:
    recording = market.recording
    return hypervolume(recording.explore_scores[rows], recording.true_costs[rows], recording.floor, recording.bound)
