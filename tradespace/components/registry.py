"""Every component by name. A new component joins through the list in its folder's `__init__`."""

from __future__ import annotations

from functools import cache

from tradespace.components.base import Component, Role
from tradespace.errors import Fault, NotationError, nearest


@cache
def components() -> dict[str, type[Component]]:
    """All component classes by name."""
    from tradespace.components.chunkers import CHUNKERS
    from tradespace.components.embedders import EMBEDDERS
    from tradespace.components.fusions import FUSIONS
    from tradespace.components.indexes import INDEXES
    from tradespace.components.llms import LLMS
    from tradespace.components.readers import READERS
    from tradespace.components.rerankers import RERANKERS
    from tradespace.components.retrievers import RETRIEVERS
    from tradespace.components.strategies import STRATEGIES
    from tradespace.components.strategies.verifiers import VERIFIERS

    stages = (*CHUNKERS, *RETRIEVERS, *RERANKERS, *READERS)
    every = (*stages, *EMBEDDERS, *FUSIONS, *INDEXES, *LLMS, *STRATEGIES, *VERIFIERS)
    return {component.name: component for component in every}


def components_of(role: Role) -> dict[str, type[Component]]:
    """The component classes that can fill a role, by name."""
    return {name: component for name, component in components().items() if component.role is role}


def component_class(name: str) -> type[Component]:
    """The component class of that name.

    Raises:
        NotationError: there is none.
    """
    try:
        return components()[name]
    except KeyError:
        valid = nearest(name, list(components()))
        raise NotationError([Fault(f"no component is called {name!r}; {valid}")]) from None
