"""Searches of Tradespace and Optuna's samplers: each pipeline that is proposed answers all questions."""

from __future__ import annotations

import warnings

from optuna.samplers import GPSampler

from bench.search.market import Market
from tradespace.explorer.search import Measured, Search, search_algorithm
from tradespace.explorer.search.base import Problem
from tradespace.explorer.search.guided import GuidedSearch
from tradespace.search_space.sections import NamedSearch

BATCH = 8
MOST = {"tpe": 250, "nsga2": 250, "gp": 40}
"""Pipelines that slow samplers are asked for, at most."""


def random(market: Market, seed: int) -> None:
    """Draws without replacement (Bergstra & Bengio 2012)."""
    _drive(market, _start("random", market, seed))


def grid(market: Market, seed: int) -> None:
    """Every pipeline, in an order of the seed's."""
    _drive(market, _start("grid", market, seed))


def tpe(market: Market, seed: int) -> None:
    """The tree-structured Parzen estimator for several objectives, constrained (Ozaki et al. 2022)."""
    _drive(market, _start("tpe", market, seed), MOST["tpe"])


def nsga2(market: Market, seed: int) -> None:
    """The genetic algorithm of Deb et al. 2002, constrained."""
    _drive(market, _start("nsga2", market, seed), MOST["nsga2"])


def gp(market: Market, seed: int) -> None:
    """A Gaussian process with expected hypervolume improvement, constrained: Optuna's `GPSampler`."""
    specification = market.recording.specification
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sampler = GPSampler(seed=seed, warn_independent_sampling=False)
    _drive(market, GuidedSearch(Problem(specification.space, specification.goals), seed, None, sampler), MOST["gp"])


def _start(name: str, market: Market, seed: int) -> Search:
    specification = market.recording.specification
    return search_algorithm(NamedSearch(name)).start(specification.space, specification.goals, seed)


def _drive(market: Market, search: Search, most: int | None = None) -> None:
    """Ask, evaluate, tell, until there is nothing left to ask for."""
    tried = 0
    while most is None or tried < most:
        with market.thought():
            steps = search.ask(BATCH)
        if not steps:
            return
        told = [(step.pipeline, measured(market, market.row_of[step.pipeline])) for step in steps]
        with market.thought():
            for pipeline, result in told:
                search.tell(pipeline, result)
        tried += len(steps)


def measured(market: Market, row: int) -> Measured:
    """Evaluate a pipeline, in the terms of a search."""
    score, cost = market.evaluate(row)
    goals = market.recording.specification.goals
    names = {market.recording.cost_name: cost, goals.primary.measure: score}
    return Measured({measure: names[measure] for measure in goals.needed})
