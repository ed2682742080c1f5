"""What a space holds, in figures: for `tradespace check`."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tradespace.components.base import Pipeline
from tradespace.search_space.constraints import Forbidden
from tradespace.search_space.domains import Domain
from tradespace.search_space.scope import MOST_ENUMERATED
from tradespace.search_space.space import OWN_RULE, PipelineSpace
from tradespace.search_space.tree import Node, OneOf

WALKS = 5_000


@dataclass(frozen=True)
class SpaceSummary:
    """The size of a space and what its constraints do to it. A size of None is infinite.

    Attributes:
        stages: combinations of settings of each component at each stage.
        combinations: the product of the stages, before constraints.
        allowed: how many pipelines are left; an estimate unless `exact`.
        removed: share of the combinations that each rule alone forbids, the components' own rules among them.
    """

    stages: Mapping[str, Mapping[str, int | None]]
    combinations: int | None
    allowed: int | None
    exact: bool
    removed: Mapping[str, float]


def describe_space(space: PipelineSpace) -> SpaceSummary:
    """Count a space: exactly up to 50,000 combinations, beyond that from 5,000 random walks.

    The estimate weighs each walk by the inverse of its probability, which makes it unbiased (Knuth 1975, Estimating the
    efficiency of backtrack programs, Mathematics of Computation 29).
    """
    stages = {stage: _components(node) for stage, node in space.stages.items()}
    size = space.size()
    if size is not None and size <= MOST_ENUMERATED:
        removed, left = _count(space)
        return SpaceSummary(stages, size, left, True, {rule: count / size for rule, count in removed.items()})
    removed_shares, share = _estimate(space)
    return SpaceSummary(stages, size, None if size is None else round(share * size), False, removed_shares)


def _components(node: Node) -> dict[str, int | None]:
    return {label: each.size for label, each in node.alternatives.items()} if isinstance(node, OneOf) else {}


def _count(space: PipelineSpace) -> tuple[Counter[str], int]:
    removed, possible, left = Counter[str](), 0, 0
    for pipeline in space.root.members():
        broken = _broken(space, pipeline)
        removed.update(broken)
        possible += 1
        left += not broken
    refused = (space.size() or 0) - possible
    return removed + Counter({OWN_RULE: refused}), left


def _estimate(space: PipelineSpace) -> tuple[dict[str, float], float]:
    """The shares of all combinations that each rule removes, and that are left."""
    generator = random.Random(0)
    total, left, removed = 0.0, 0.0, Counter[str]()
    for _ in range(WALKS):
        weight = 1.0

        def choose(_: str, domain: Domain) -> object:
            nonlocal weight
            weight *= domain.size or 1
            return domain.draw(generator)

        pipeline = PipelineSpace(space.root).walk(choose)
        broken = [OWN_RULE] if isinstance(pipeline, Forbidden) else _broken(space, pipeline)
        total += weight
        left += 0 if broken else weight
        for rule in broken:
            removed[rule] += weight  # type: ignore[assignment]
    return {rule: weight / total for rule, weight in removed.items()}, left / total


def _broken(space: PipelineSpace, pipeline: Pipeline) -> list[str]:
    return [constraint.text for constraint in space.constraints if constraint.forbids(pipeline)]
