"""Custom components, measures and search algorithms: chosen by name like those that come with Tradespace."""

from __future__ import annotations

from typing import Any, TypeVar

from tradespace.components.base import Component
from tradespace.components.registry import COMPONENTS
from tradespace.errors import InputError
from tradespace.evals.measures import Measure, measures
from tradespace.evals.measures.configured import ConfiguredMeasure
from tradespace.evals.measures.kinds import MEASURE_KINDS
from tradespace.explorer.search import SEARCH_ALGORITHMS, SearchAlgorithm
from tradespace.registry import Registry

Extension = TypeVar("Extension")
_REGISTRIES: dict[type, Registry[Any]] = {
    ConfiguredMeasure: MEASURE_KINDS,  # before the components, of which these are some
    Component: COMPONENTS,
    Measure: measures(),
    SearchAlgorithm: SEARCH_ALGORITHMS,
}


def register(extension: Extension) -> Extension:
    """Let a component class, a measure, a kind of measures or a class of search algorithms be chosen by its name, in
    this process.

    An installed package lets its own be chosen in every process, and on the command line, by entry points of the
    groups `tradespace.components`, `tradespace.measures`, `tradespace.measure_kinds` and `tradespace.searches`.

    Returns:
        What was given, so that this can stand above a class as a decorator.

    Raises:
        InputError: it is none of these, lacks something, or its name is taken.
    """
    _registry_of(extension).add(extension)
    return extension


def unusable() -> list[str]:
    """Why entry points of installed packages are left out: one message for each."""
    return [message for registry in _REGISTRIES.values() for message in registry.unusable]


def _registry_of(extension: object) -> Registry[Any]:
    kind = extension if isinstance(extension, type) else type(extension)
    for base, registry in _REGISTRIES.items():
        if issubclass(kind, base):
            return registry
    raise InputError(
        f"only a class derived from Component or SearchAlgorithm, or a Measure, can be registered; given: {extension!r}"
    )
