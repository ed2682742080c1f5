"""The strategies that are compared, by name: each spends in a `Market` until it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bench.search.market import Market
from bench.search.strategies.frontier import frontier
from bench.search.strategies.greedy import by_stage, by_turns, model_first
from bench.search.strategies.racing import successive_halving, successive_rejects, ucb_e
from bench.search.strategies.reference import exhaustive, oracle, random_collecting
from bench.search.strategies.samplers import gp, grid, nsga2, random, tpe
from bench.search.strategies.syftr import syftr

Strategy = Callable[[Market, int], None]
"""Spends in a market, given a seed."""

STRATEGIES: Mapping[str, Strategy] = {
    "oracle": oracle,
    "frontier": frontier,
    "random": random,
    "random, collecting what is free": random_collecting,
    "grid": grid,
    "TPE": tpe,
    "NSGA-II": nsga2,
    "GPSampler": gp,
    "greedy, stage by stage": by_stage,
    "greedy, model first": model_first,
    "retriever and generator by turns": by_turns,
    "successive halving": successive_halving,
    "successive rejects": successive_rejects,
    "UCB-E": ucb_e,
    "TPE with syftr's pruner": syftr,
    "exhaustive": exhaustive,
}
