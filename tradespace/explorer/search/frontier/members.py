"""Which members of a space are considered: all of them, or some drawn at random and the neighbours of good ones."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import islice

from tradespace.components.base import Pipeline
from tradespace.explorer.search.unseen import Unseen
from tradespace.search_space.domains import Domain
from tradespace.search_space.space import PipelineSpace


class Members:
    """Members of a space that were not considered before, so many at a time.

    Attributes:
        exhausted: whether all members were considered.
    """

    def __init__(self, space: PipelineSpace, most: int, seed: int) -> None:
        self.space = space
        self.most = most
        self.exhausted = False
        self._generator = random.Random(seed)
        self._seen: set[Pipeline] = set()
        self._unseen = Unseen(space, self._generator, self._seen.__contains__)

    def first(self) -> list[Pipeline]:
        """All members where they are few, in their order; or else some, drawn at random."""
        size = self.space.size()
        if size is not None and size <= 4 * self.most:
            members = list(islice(self.space.members(), self.most + 1))
            if len(members) <= self.most:
                self.exhausted = True
                self._seen.update(members)
                return members
        return self.drawn(self.most)

    def drawn(self, count: int) -> list[Pipeline]:
        """As many as there are, up to a number, at random."""
        if self.exhausted:
            return []
        drawn = list(islice(self._draws(), count))
        self.exhausted = len(drawn) < count
        return drawn

    def near(self, pipelines: Sequence[Pipeline], count: int) -> list[Pipeline]:
        """Those that differ from one of some pipelines in one choice, and in what hangs on it."""
        if self.exhausted or not pipelines:
            return []
        tries = (self._neighbour(self._generator.choice(pipelines)) for _ in range(2 * count))
        return list(islice(self._new(tries), count))

    def _draws(self) -> Iterator[Pipeline]:
        while (pipeline := self._unseen.draw()) is not None:
            self._seen.add(pipeline)
            yield pipeline

    def _new(self, pipelines: Iterator[Pipeline | None]) -> Iterator[Pipeline]:
        for pipeline in pipelines:
            if pipeline is not None and pipeline not in self._seen:
                self._seen.add(pipeline)
                yield pipeline

    def _neighbour(self, pipeline: Pipeline) -> Pipeline | None:
        choices = self.space.choices(pipeline) or {}
        if not choices:
            return None
        changed = self._generator.choice(list(choices))

        def choose(path: str, domain: Domain) -> object:
            return choices[path][1] if path in choices and path != changed else domain.draw(self._generator)

        neighbour = self.space.walk(choose)
        return neighbour if isinstance(neighbour, Pipeline) else None
