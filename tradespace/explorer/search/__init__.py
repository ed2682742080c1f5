"""Search algorithms: how a space is searched. A new one of ours joins the list; a user's, by entry point or
`tradespace.register` (docs/extending.md)."""

from __future__ import annotations

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
from tradespace.registry import Registry, class_problem
from tradespace.search_space.sections import NamedSearch

SEARCH_ALGORITHMS: Registry[type[SearchAlgorithm]] = Registry(
    "search algorithm",
    "tradespace.searches",
    lambda: (Frontier, Grid, Random, TPE, NSGA2),
    lambda entry: class_problem(entry, SearchAlgorithm),
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
