"""What the contract of components says to whoever misses it."""

from __future__ import annotations

from typing import ClassVar

import pytest
from pydantic import Field

from tradespace.components.base import Reranker
from tradespace.testing.component_contract import bounds


class Halfway(Reranker):
    """Has settings of three kinds."""

    name: ClassVar[str] = "halfway"

    keep: int = Field(default=3, ge=1, le=9, description="bounded")
    share: float = Field(default=0.5, gt=0, le=1, description="bounded by a value that it cannot have")
    order: str = Field(default="", description="no number")


def test_a_number_without_bounds_is_named_with_what_it_needs() -> None:
    """Not by a KeyError of the suite itself."""
    found = bounds(Halfway())
    assert next(found) == ("keep", 1, 9)
    with pytest.raises(AssertionError, match=r"halfway: share needs a least and a greatest value, as in Field\(ge=0"):
        next(found)
