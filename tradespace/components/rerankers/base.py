"""What rerankers share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from tradespace.addresses import digest
from tradespace.types import Passage, Ranking, ScoredPassage

Keep = Annotated[int, Field(ge=1, le=1000, description="how many of the best passages go on")]


def as_ordered(passages: Iterable[Passage]) -> Ranking:
    """Passages as they are ordered already. Scores are reciprocal ranks, since requests carry none."""
    return tuple(ScoredPassage(passage, 1 / rank) for rank, passage in enumerate(passages, start=1))


def rewritten(passage: Passage, text: str) -> Passage:
    """Another text in a passage's place, named by the passage and the content; the passage itself if it has that text.

    >>> rewritten(Passage("cat", "animals", "The cat sat."), "cat").id
    'cat#555cf4fffcb2'
    """
    if text.split() == passage.text.split():
        return passage
    return Passage(f"{passage.id}#{digest([text])[:12]}", passage.document_id, text)
