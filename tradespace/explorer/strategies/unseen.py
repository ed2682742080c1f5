"""Pipelines drawn without replacement, until a space is exhausted."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import islice

from tradespace.components.pipeline import Pipeline
from tradespace.search_space.space import Space

TRIES = 200
MOST_LISTED = 100_000


class Unseen:
    """Draws pipelines that `seen` does not know yet.

    Drawing is quick while much is unseen. When 200 draws in a row find nothing new, what is left is listed, shuffled
    and handed out.
    """

    def __init__(self, space: Space, generator: random.Random, seen: Callable[[Pipeline], bool]) -> None:
        self.space = space
        self.generator = generator
        self.seen = seen
        self.rest: list[Pipeline] | None = None

    def draw(self) -> Pipeline | None:
        """A pipeline that was not seen, or None when there are no more."""
        if self.rest is None:
            for _ in range(TRIES):
                pipeline = self.space.draw(self.generator)
                if isinstance(pipeline, Pipeline) and not self.seen(pipeline):
                    return pipeline
            self._list()
        elif not self.rest:
            self._list()
        return self._next_listed()

    def _next_listed(self) -> Pipeline | None:
        while self.rest:
            pipeline = self.rest.pop()
            if not self.seen(pipeline):
                return pipeline
        return None

    def _list(self) -> None:
        if self.space.size() is None:
            self.rest = []
            return
        unseen = (pipeline for pipeline in self.space.members() if not self.seen(pipeline))
        self.rest = list(islice(unseen, MOST_LISTED))
        self.generator.shuffle(self.rest)
