"""Rerankers one after the other: a cheap one thins out the passages for a dear one (Nogueira et al. 2019)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from tradespace.components.base import Component, Process, Reranker
from tradespace.components.rerankers.none import NoReranker
from tradespace.types import Request


class RerankerChain(Reranker):
    """Each step works on what the one before it left over; a step that is `none` is left out.

    It makes no calls but those of its steps, which other pipelines share.
    """

    name: ClassVar[str] = "chain"
    in_words: ClassVar[str] = "{steps}"

    steps: tuple[Reranker, ...] = Field(min_length=1, description="the rerankers, in the order in which they work")

    def process(self, request: Request) -> Process:
        *earlier, last = self.working
        for step in earlier:
            request = request.after((yield from step.process(request)))
        return (yield from last.process(request))

    def simplified(self, request: Request) -> tuple[Component, Request]:
        """One step is that step. A first step that looks at less than it is given is made simpler itself."""
        first, *later = self.working
        simpler, shown = first.simplified(request)
        return (self.with_settings(steps=(simpler, *later)), shown) if later else (simpler, shown)

    @property
    def working(self) -> tuple[Reranker, ...]:
        """The steps that do something, those of chains among them too; `none` where there is no other."""
        return tuple(_working(self)) or (NoReranker(),)


def _working(step: Reranker) -> Iterator[Reranker]:
    if isinstance(step, RerankerChain):
        for inner in step.steps:
            yield from _working(inner)
    elif not isinstance(step, NoReranker):
        yield step
