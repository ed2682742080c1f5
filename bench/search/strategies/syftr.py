"""TPE with the pruner of syftr (Conway et al. 2025), as it is written in its repository (datarobot/syftr)."""

from __future__ import annotations

import numpy as np

from bench.search.market import Market
from bench.search.strategies.samplers import MOST, measured
from tradespace.explorer.arrays import Floats
from tradespace.explorer.search import Failed, search_algorithm
from tradespace.search_space.sections import NamedSearch

BLOCK, WARM_UP, Z = 5, 20, 1.645
"""Questions of a batch, questions before the first look, and the z of both confidences: syftr's defaults."""


def syftr(market: Market, seed: int) -> None:
    """After every five questions a trial is dropped if a finished one dominates its optimistic corner.

    That corner is its accuracy plus z sqrt(a (1 - a) / n), and its cost less z standard errors of the mean cost.
    """
    specification = market.recording.specification
    search = search_algorithm(NamedSearch("tpe")).start(specification.space, specification.goals, seed)
    finished = np.zeros((0, 2))
    for _ in range(MOST["tpe"]):
        with market.thought():
            steps = search.ask(1)
        if not steps:
            return
        row = market.row_of[steps[0].pipeline]
        if _pruned(market, row, finished):
            search.tell(steps[0].pipeline, Failed("pruned"))
            continue
        search.tell(steps[0].pipeline, measured(market, row))
        finished = np.vstack([finished, [market.recording.explore_scores[row], market.recording.costs[row]]])


def _pruned(market: Market, row: int, finished: Floats) -> bool:
    for questions in range(BLOCK, market.questions, BLOCK):
        market.buy([row], questions - BLOCK, questions)
        if questions >= WARM_UP and _dominated(market, row, questions, finished):
            return True
    return False


def _dominated(market: Market, row: int, questions: int, finished: Floats) -> bool:
    (score,), (cost,) = market.estimates(np.array([row]), questions)
    figures = market.recording.figures[row, :questions]
    scale = 1.0 if market.recording.cost_name.startswith("latency") else 1000.0
    best = score + Z * np.sqrt(max(score * (1 - score), 0.0) / questions)
    least = cost - Z * scale * figures.std(ddof=1) / np.sqrt(questions)
    scores, costs = finished.T
    return bool((((costs < least) & (scores >= best)) | ((costs <= least) & (scores > best))).any())
