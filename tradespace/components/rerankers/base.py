"""What rerankers share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from tradespace.types import Passage, Ranking, ScoredPassage

Keep = Annotated[int, Field(ge=1, le=1000, description="how many of the best passages go on")]


def as_ordered(passages: Iterable[Passage]) -> Ranking:
    """Passages as they are ordered already. Scores are reciprocal ranks, since requests carry none."""
    return tuple(ScoredPassage(passage, 1 / rank) for rank, passage in enumerate(passages, start=1))
