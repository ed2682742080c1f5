"""Strategies: how a space is searched. A new one joins the list."""

from __future__ import annotations

from tradespace.explorer.strategies.base import Failed, Goals, Measured, Search, Strategy, Told
from tradespace.explorer.strategies.grid import Grid
from tradespace.explorer.strategies.nsga2 import NSGA2
from tradespace.explorer.strategies.random import Random
from tradespace.explorer.strategies.tpe import TPE
from tradespace.search_space.sections import Named

STRATEGIES: dict[str, type[Strategy]] = {strategy.name: strategy for strategy in (Grid, Random, TPE, NSGA2)}


def strategy(named: Named) -> Strategy:
    """The strategy that a file names, with its settings; `load` has checked both."""
    return STRATEGIES[named.name](**named.settings)


__all__ = [
    "NSGA2",
    "STRATEGIES",
    "TPE",
    "Failed",
    "Goals",
    "Grid",
    "Measured",
    "Random",
    "Search",
    "Strategy",
    "Told",
    "strategy",
]
