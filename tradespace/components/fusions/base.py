"""What every fusion does: one ranking out of two."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from tradespace.components.base import Component
from tradespace.components.roles import Role
from tradespace.types import Passage, Ranking, ScoredPassage


class Fusion(Component, ABC):
    """Merges a lexical and a dense ranking.

    >>> class InTurns(Fusion):
    ...     name = "in_turns"
    ...
    ...     def fuse(self, lexical, dense):
    ...         turns = [scored.passage for pair in zip(lexical, dense) for scored in pair]
    ...         return ranked({passage: 1 / place for place, passage in enumerate(dict.fromkeys(turns), start=1)})
    >>> cat, dog = (ScoredPassage(Passage(name, name, name), 1.0) for name in ("cat", "dog"))
    >>> [scored.passage.id for scored in InTurns().fuse((cat, dog), (dog, cat))]
    ['cat', 'dog']
    """

    role: ClassVar[Role] = Role.FUSION

    @abstractmethod
    def fuse(self, lexical: Ranking, dense: Ranking) -> Ranking:
        """Return the passages of both, each once, best first."""


def ranked(scores: Mapping[Passage, float]) -> Ranking:
    """Passages by score, best first; of equal scores the one met first."""
    best_first = sorted(scores.items(), key=lambda item: -item[1])
    return tuple(ScoredPassage(passage, score) for passage, score in best_first)
