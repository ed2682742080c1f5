"""Search algorithms: how a space is searched. A new one of ours joins the list; a user's, by entry point or
`tradespace.register` (docs/extending.md)."""

from __future__ import annotations

from inspect import isabstract
from typing import Any

from tradespace.explorer.search.base import (
    Failed,
    Measured,
    Partial,
    Problem,
    Search,
    SearchAlgorithm,
    Step,
    TrialResult,
)
from tradespace.explorer.search.frontier import Frontier
from tradespace.explorer.search.grid import Grid
from tradespace.explorer.search.nsga2 import NSGA2
from tradespace.explorer.search.random import Random
from tradespace.explorer.search.tpe import TPE
from tradespace.registry import Registry
from tradespace.search_space.sections import NamedSearch


def _problem(entry: Any) -> str | None:
    """Why something cannot be chosen by name as a search algorithm, as the rest of a sentence."""
    if not (isinstance(entry, type) and issubclass(entry, SearchAlgorithm)):
        return "must be a class derived from SearchAlgorithm"
    if isabstract(entry):
        return f"must define {', '.join(sorted(entry.__abstractmethods__))}"
    name = getattr(entry, "name", None)
    if not isinstance(name, str) or not name or name.split() != [name]:
        return f"needs a class attribute `name` without spaces, by which it is chosen; its name is {name!r}"
    return None


SEARCH_ALGORITHMS: Registry[type[SearchAlgorithm]] = Registry(
    "search algorithm", "tradespace.searches", lambda: (Frontier, Grid, Random, TPE, NSGA2), _problem
)


def search_algorithm(named: NamedSearch) -> SearchAlgorithm:
    """The strategy that a file names, with its settings; `load` has checked both."""
    return SEARCH_ALGORITHMS[named.name](**named.settings)


__all__ = [
    "NSGA2",
    "SEARCH_ALGORITHMS",
    "TPE",
    "Failed",
    "Frontier",
    "Grid",
    "Measured",
    "Partial",
    "Problem",
    "Random",
    "Search",
    "SearchAlgorithm",
    "Step",
    "TrialResult",
    "search_algorithm",
]
