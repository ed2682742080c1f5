"""Pipelines drawn without replacement, until a space is exhausted."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import islice

from tradespace.components.base import Pipeline
from tradespace.search_space.space import PipelineSpace

DRAWS_IN_A_ROW = 200
TRIES_IN_INFINITE = 10_000
MOST_LISTED = 100_000


class Unseen:
    """Draws pipelines that `seen` does not know yet.

    Drawing is quick while much is unseen. When 200 draws in a row find nothing new, what is left of a finite space is
    listed, shuffled and handed out. An infinite space is given up when 10,000 draws in a row find nothing new.
    """

    def __init__(self, space: PipelineSpace, generator: random.Random, seen: Callable[[Pipeline], bool]) -> None:
        self.space = space
        self.generator = generator
        self.seen = seen
        self._listed: list[Pipeline] | None = None

    def draw(self) -> Pipeline | None:
        """A pipeline that was not seen, or None when there are no more."""
        if self.space.size() is None:
            return self._drawn(TRIES_IN_INFINITE)
        if self._listed is None and (pipeline := self._drawn(DRAWS_IN_A_ROW)):
            return pipeline
        return self._next_listed() or self._next_listed(self._rest())

    def _drawn(self, tries: int) -> Pipeline | None:
        for _ in range(tries):
            pipeline = self.space.draw(self.generator)
            if isinstance(pipeline, Pipeline) and not self.seen(pipeline):
                return pipeline
        return None

    def _next_listed(self, listed: list[Pipeline] | None = None) -> Pipeline | None:
        self._listed = self._listed if listed is None else listed
        while self._listed:
            pipeline = self._listed.pop()
            if not self.seen(pipeline):
                return pipeline
        return None

    def _rest(self) -> list[Pipeline]:
        rest = list(islice((pipeline for pipeline in self.space.members() if not self.seen(pipeline)), MOST_LISTED))
        self.generator.shuffle(rest)
        return rest
