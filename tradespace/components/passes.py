"""What a component says of its work where that is passes through a network, so that its seconds can be foretold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passes:
    """The passes that answering a batch of calls takes.

    Attributes:
        tokens: that the network is given in each pass, padding included.
        side_by_side: how many passes run at the same time; the longest begin first.

    >>> Passes((120, 40, 90), side_by_side=2)
    Passes(tokens=(120, 40, 90), side_by_side=2)
    """

    tokens: tuple[int, ...]
    side_by_side: int = 1
