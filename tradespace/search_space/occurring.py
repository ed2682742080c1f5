"""Which components occur in a space, without enumerating its members, of which there may be infinitely many."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from typing import Any

from tradespace.components.base import Component
from tradespace.search_space.tree import ComponentProduct, Leaf, Node, OneOf, Product, SettingsRefusedError

MOST_MEMBERS = 1000
"""Values of one setting that are looked at."""
DRAWS = 100
"""How often the other settings are redrawn if the component refuses the combination."""


def occurring(node: Node) -> Iterator[Component]:
    """Components of a space, nested ones also apart from what holds them: every listed value of a setting is in one.

    That is enough to find what depends on one setting alone. Combinations of values do not all occur.
    """
    parts = node.alternatives if isinstance(node, OneOf) else node.children if isinstance(node, Product) else {}
    for part in parts.values():
        yield from occurring(part)
    if isinstance(node, ComponentProduct):
        yield from _drawn(node)
        for name, child in node.children.items():
            if isinstance(child, Leaf) and child.size is not None:
                for value in islice(child.members(), MOST_MEMBERS):
                    yield from _drawn(node, {name: value})


def _drawn(node: ComponentProduct, fixed: dict[str, Any] | None = None) -> Iterator[Component]:
    """The component with some settings fixed and the others drawn; nothing if it refused them every time."""
    values, generator = fixed or {}, random.Random(0)
    for _ in range(DRAWS):
        try:
            yield node.walk("", lambda path, domain: values[path] if path in values else domain.draw(generator))
        except SettingsRefusedError:
            continue
        return
