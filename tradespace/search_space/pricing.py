"""Which models of a space need a price of their own."""

from __future__ import annotations

from tradespace.components.priced import PricedModel
from tradespace.search_space.occurring import occurring
from tradespace.search_space.sections import Prices
from tradespace.search_space.tree import Node


def unpriced(root: Node, prices: Prices) -> list[str]:
    """What price lists call the models of a space that run elsewhere and that these prices do not name."""
    elsewhere = [part for part in occurring(root) if isinstance(part, PricedModel) and part.remote]
    return [name for name in dict.fromkeys(model.listed_as for model in elsewhere) if name not in prices.models]
