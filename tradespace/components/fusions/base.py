"""What every fusion does: one ranking out of two."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from tradespace.components.base import Component, Role
from tradespace.types import Passage, Ranking, ScoredPassage


class Fusion(Component, ABC):
    """Merges a lexical and a dense ranking."""

    role: ClassVar[Role] = Role.FUSION

    @abstractmethod
    def fuse(self, lexical: Ranking, dense: Ranking) -> Ranking:
        """Return the passages of both, each once, best first."""


def ranked(scores: Mapping[Passage, float]) -> Ranking:
    """Passages by score, best first; of equal scores the one met first."""
    best_first = sorted(scores.items(), key=lambda item: -item[1])
    return tuple(ScoredPassage(passage, score) for passage, score in best_first)
