"""Strategies: how a space is searched. A new one of ours joins the list; a user's, by entry point or
`tradespace.register` (docs/extending.md)."""

from __future__ import annotations

from inspect import isabstract
from typing import Any

from tradespace.explorer.strategies.base import Failed, Goals, Measured, Search, Strategy, Told
from tradespace.explorer.strategies.grid import Grid
from tradespace.explorer.strategies.nsga2 import NSGA2
from tradespace.explorer.strategies.random import Random
from tradespace.explorer.strategies.tpe import TPE
from tradespace.registry import Registry
from tradespace.search_space.sections import Named


def _problem(entry: Any) -> str | None:
    """Why something cannot be chosen by name as a strategy, as the rest of a sentence."""
    if not (isinstance(entry, type) and issubclass(entry, Strategy)):
        return "must be a class derived from Strategy"
    if isabstract(entry):
        return f"must define {', '.join(sorted(entry.__abstractmethods__))}"
    name = getattr(entry, "name", None)
    if not isinstance(name, str) or not name or name.split() != [name]:
        return f"needs a class attribute `name` without spaces, by which it is chosen; its name is {name!r}"
    return None


STRATEGIES: Registry[type[Strategy]] = Registry(
    "search strategy", "tradespace.searches", lambda: (Grid, Random, TPE, NSGA2), _problem
)


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
