"""Spaces with other possibilities in the place of some components, all else as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tradespace.search_space.domains import Domain, Drawn
from tradespace.search_space.tree import ComponentProduct, Node, OneOf, Product, below

Replace = Callable[[str, ComponentProduct], Node | None]
"""Given the path of a component and its possibilities: what stands there instead; None where it stays."""


def replaced(node: Node, replace_component: Replace, path: str = "") -> Node:
    """The same possibilities, with others in the place of some components; paths to what is left stay as they were."""
    if isinstance(node, ComponentProduct) and (other := replace_component(path, node)):
        return other
    if isinstance(node, OneOf):
        return OneOf(
            {label: replaced(each, replace_component, f"{path}.{label}") for label, each in node.alternatives.items()}
        )
    if isinstance(node, Product):
        children = {name: replaced(each, replace_component, below(path, name)) for name, each in node.children.items()}
        return replace(node, children=children)
    return node


def paths_to(node: Node, wanted: Callable[[str, ComponentProduct], bool]) -> Iterator[str]:
    """The paths of all components that are wanted, in the order of the file; not of those within them."""
    found: list[str] = []

    def note(path: str, each: ComponentProduct) -> Node | None:
        if not wanted(path, each):
            return None
        found.append(path)
        return each

    replaced(node, note)
    return iter(found)


def first_towards(path: str) -> Callable[[str, Domain], Any]:
    """Chooses what leads to a path where there is a choice on the way, and the first value everywhere else."""

    def choose(place: str, domain: Domain) -> Any:
        if isinstance(domain, Drawn):
            return domain.low
        onwards = [value for value in domain.values if f"{path}.".startswith(f"{place}.{value}.")]
        return (onwards or domain.values)[0]

    return choose
