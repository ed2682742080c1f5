"""Passages that a tool found, as a model is shown them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from tradespace.components.tools.base import Observation
from tradespace.types import Passage

PassagesShown = Annotated[int, Field(ge=1, le=20, description="how many of the passages found the model is shown")]


def observed_passages(passages: Sequence[Passage]) -> Observation:
    """Their texts, one to a paragraph.

    >>> observed_passages([]).text
    'nothing was found'
    """
    return Observation("\n\n".join(passage.text for passage in passages) or "nothing was found", tuple(passages))
