"""Which models of a space need a price of their own."""

from __future__ import annotations

from itertools import islice

from tradespace.components.llms.base import LanguageModel
from tradespace.search_space.sections import Prices
from tradespace.search_space.tree import ComponentProduct, Node, OneOf, Product

MOST_LOOKED_AT = 1000
"""Members of one listed model that are asked for their names."""


def unpriced(root: Node, prices: Prices) -> list[str]:
    """What price lists call the models of a space that run elsewhere and that these prices do not name."""
    return [name for name in dict.fromkeys(_elsewhere(root)) if name not in prices.models]


def _elsewhere(node: Node) -> list[str]:
    if isinstance(node, ComponentProduct) and issubclass(node.component, LanguageModel) and node.component.remote:
        return [model.listed_as for model in islice(node.members(), MOST_LOOKED_AT)]
    parts = node.alternatives if isinstance(node, OneOf) else node.children if isinstance(node, Product) else {}
    return [name for part in parts.values() for name in _elsewhere(part)]
