"""The space: the set of pipelines that a YAML file describes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tradespace.components.base import Pipeline
from tradespace.search_space.constraints import Constraint, Forbidden
from tradespace.search_space.domains import Domain
from tradespace.search_space.tree import Choices, Choose, Node, PipelineProduct, SettingsRefusedError

OWN_RULE = "the component's own rules"


@dataclass(frozen=True)
class PipelineSpace:
    """Pipelines by their possibilities at each stage, less those that a constraint forbids.

    >>> from tradespace.search_space.specification import load_text
    >>> space = load_text(
    ...     "{name: s, data: {dataset: wikipedia}, objectives: {mrr: maximize},"
    ...     " pipeline: {retrieve: {bm25: {top_k: [5, 10]}}, rerank: {mmr: {keep: [3, 8]}}},"
    ...     " constraints: [rerank.keep <= retrieve.top_k]}"
    ... ).space
    >>> space.size(), len(list(space.members()))
    (4, 3)
    >>> space.forbids(next(space.root.members())) is None
    True
    """

    root: PipelineProduct
    constraints: tuple[Constraint, ...] = ()

    @property
    def stages(self) -> Mapping[str, Node]:
        """The possibilities of each stage, in order."""
        return self.root.children

    def size(self) -> int | None:
        """How many combinations there are before constraints, None when infinitely many."""
        return self.root.size

    def members(self) -> Iterator[Pipeline]:
        """Every pipeline that is allowed, lazily and always in the same order. Equal components are one object.

        Raises:
            ValueError: there are infinitely many.
        """
        return (pipeline for pipeline in self.root.members() if self.forbids(pipeline) is None)

    def walk(self, choose: Choose) -> Pipeline | Forbidden:
        """Build the pipeline of some choices, or say why there is none."""
        try:
            pipeline: Pipeline = self.root.walk("", choose)
        except SettingsRefusedError as error:
            return Forbidden(OWN_RULE, str(error))
        return self.forbids(pipeline) or pipeline

    def draw(self, generator: random.Random) -> Pipeline | Forbidden:
        """Choose everything at random, each alternative as likely as its neighbours, however many settings it has."""

        def choose(_: str, domain: Domain) -> object:
            return domain.draw(generator)

        return self.walk(choose)

    def choices(self, pipeline: Pipeline) -> Choices | None:
        """The choices that `walk` makes this pipeline of, by path; None where no choices do, constraints aside."""
        return self.root.trace("", pipeline)

    def contains(self, pipeline: Pipeline) -> bool:
        """Whether the pipeline is among the members."""
        return self.choices(pipeline) is not None and self.forbids(pipeline) is None

    def forbids(self, pipeline: Pipeline) -> Forbidden | None:
        """The first constraint that the pipeline breaks, and why; None if it breaks none."""
        for constraint in self.constraints:
            forbidden = constraint.forbids(pipeline)
            if forbidden is not None:
                return forbidden
        return None
