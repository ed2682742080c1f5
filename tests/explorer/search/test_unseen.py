"""Drawing without replacement."""

from __future__ import annotations

import random

import pytest

from tradespace.components.base import Pipeline
from tradespace.explorer.search import unseen
from tradespace.explorer.search.unseen import Unseen
from tradespace.search_space.space import PipelineSpace
from tradespace.testing.synthetic_space import INFINITE, SMALL_STAGES_YAML, specification


def drawn(space: PipelineSpace) -> list[Pipeline]:
    """Everything, until there is no more."""
    seen: set[Pipeline] = set()
    source = Unseen(space, random.Random(0), seen.__contains__)
    while pipeline := source.draw():
        assert pipeline not in seen
        seen.add(pipeline)
    return list(seen)


@pytest.mark.parametrize("most_listed", [2, 100_000])
@pytest.mark.parametrize("tries", [1, 200])
def test_everything_is_drawn_once(monkeypatch: pytest.MonkeyPatch, tries: int, most_listed: int) -> None:
    """However early drawing turns to listing, and however little is listed at a time."""
    monkeypatch.setattr(unseen, "DRAWS_IN_A_ROW", tries)
    monkeypatch.setattr(unseen, "MOST_LISTED", most_listed)
    space = specification(SMALL_STAGES_YAML).space
    assert sorted(map(str, drawn(space))) == sorted(map(str, space.members()))


def test_an_infinite_space_with_nothing_left_is_given_up() -> None:
    """When draw after draw is refused, the search ends."""
    source = Unseen(specification(INFINITE).space, random.Random(0), lambda _: True)
    assert source.draw() is None
