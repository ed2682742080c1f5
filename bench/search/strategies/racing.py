"""Strategies that give few questions to many pipelines, and more to the best of them."""

from __future__ import annotations

import numpy as np

from bench.search.market import Market
from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.dominance import front_layers

FIRST = 10
"""Questions that every pipeline answers."""
BLOCK = 5


def successive_halving(market: Market, seed: int) -> None:
    """Half of the pipelines go on to twice the questions (Jamieson & Talwalkar 2016), by layers of the frontier."""
    rows, questions = np.arange(market.pipelines), FIRST
    while True:
        rows = _rung(market, rows, questions)
        if questions == market.questions:
            return
        rows = _best(market, rows, questions, max(1, len(rows) // 2))
        questions = min(2 * questions, market.questions)


def successive_rejects(market: Market, seed: int) -> None:
    """After n questions as many are left as successive rejects leaves (Audibert, Bubeck & Munos 2010): a share of 1/n.

    All see the same questions, so that they are compared pair by pair.
    """
    rows = np.arange(market.pipelines)
    for questions in range(FIRST, market.questions + 1, BLOCK):
        rows = _rung(market, rows, questions)
        rows = _best(market, rows, questions, max(1, market.pipelines * FIRST // (questions + BLOCK)))


def ucb_e(market: Market, seed: int, exploration: float = 1.0) -> None:
    """The next questions go to the highest upper bound (Audibert et al. 2010; for evaluations Zhou et al. 2024).

    What was seen to miss the bound in cost is left.
    """
    questions = np.zeros(market.pipelines, dtype=np.intp)
    order = np.random.default_rng(seed).permutation(market.pipelines)
    upper = np.full(market.pipelines, np.inf)  # by place in this order, in which ties are broken
    pulls = 0
    while upper[place := int(np.argmax(upper))] > -np.inf:
        row = int(order[place])
        market.buy([row], int(questions[row]), min(int(questions[row]) + BLOCK, market.questions))
        questions[row] = min(questions[row] + BLOCK, market.questions)
        score, cost = market.estimates(np.array([row]), int(questions[row]))
        over = questions[row] >= FIRST and cost[0] > market.recording.bound
        done = questions[row] == market.questions
        upper[place] = -np.inf if over or done else score[0] + np.sqrt(exploration / questions[row])
        pulls += 1
        if pulls % 100 == 0 or done:
            _claim_most_pulled(market, questions)


def _rung(market: Market, rows: Integers, questions: int) -> Integers:
    """Buy the questions for some pipelines, and claim them."""
    market.buy(rows, 0, questions)
    scores, costs = market.estimates(rows, questions)
    market.claim(rows, scores, costs, known=questions == market.questions)
    return rows


def _best(market: Market, rows: Integers, questions: int, count: int) -> Integers:
    """Those that keep the bound, by layers of the frontier; all that are cheapest where too few keep it."""
    scores, costs = market.estimates(rows, questions)
    return rows[ranked(scores, costs, market.recording.bound)[:count]]


def ranked(scores: Floats, costs: Floats, bound: float) -> Integers:
    """Places in order: the layers of the frontier of those within the bound, then the others by cost."""
    kept = np.flatnonzero(costs <= bound)
    layers = front_layers(np.stack([scores[kept], costs[kept]], axis=1), [True, False], len(kept))
    return np.concatenate([kept[layers], np.setdiff1d(np.argsort(costs, kind="stable"), kept, assume_unique=True)])


def _claim_most_pulled(market: Market, questions: Integers) -> None:
    rows = np.flatnonzero(2 * questions >= questions.max())
    scores = market.totals[rows, questions[rows]] / questions[rows]
    market.claim(rows, scores, market.recording.costs[rows], known=False)
