"""What every fusion does: one ranking out of several."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from tradespace.components.base import Component
from tradespace.components.roles import Role
from tradespace.types import Passage, Ranking, ScoredPassage


class Fusion(Component, ABC):
    """Merges the rankings of any number of retrievers.

    >>> class InTurns(Fusion):
    ...     name = "in_turns"
    ...
    ...     def fuse(self, *rankings):
    ...         turns = [scored.passage for turn in zip(*rankings) for scored in turn]
    ...         return ranked({passage: 1 / place for place, passage in enumerate(dict.fromkeys(turns), start=1)})
    >>> cat, dog = (ScoredPassage(Passage(name, name, name), 1.0) for name in ("cat", "dog"))
    >>> [scored.passage.id for scored in InTurns().fuse((cat, dog), (dog, cat))]
    ['cat', 'dog']
    """

    role: ClassVar[Role] = Role.FUSION

    @abstractmethod
    def fuse(self, *rankings: Ranking) -> Ranking:
        """Return the passages of all, each once, best first."""

    def members_problem(self, count: int) -> str | None:
        """What must hold of the settings where so many rankings are merged; None if they fit any number."""
        return None


def ranked(scores: Mapping[Passage, float]) -> Ranking:
    """Passages by score, best first; of equal scores the one met first."""
    best_first = sorted(scores.items(), key=lambda item: -item[1])
    return tuple(ScoredPassage(passage, score) for passage, score in best_first)
