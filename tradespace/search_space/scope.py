"""Whether constraints make sense in their space: the settings they name exist, and they leave something."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tradespace.components.base import Component, Pipeline
from tradespace.errors import nearest
from tradespace.search_space.constraints import Constraint, Forbidden
from tradespace.search_space.domains import Chosen
from tradespace.search_space.space import PipelineSpace
from tradespace.search_space.tree import ComponentProduct, Leaf, MappingProduct, Node, OneOf, TupleProduct

MOST_ENUMERATED = 50_000
MOST_DRAWN = 5_000


def unknown_name(constraint: Constraint, stages: Mapping[str, Node]) -> str | None:
    """What is wrong with the first name in a constraint that no pipeline of the space has; None if all are known."""
    for stage, *settings in constraint.names:
        if stage not in stages:
            return f"names the stage {stage!r}, which the pipeline does not have; {nearest(stage, list(stages))}"
        nodes = [stages[stage]]
        for setting in settings:
            below = dict(pair for node in nodes for pair in _settings(node))
            if setting not in below:
                return f"names {setting!r}, which no component at {stage!r} has; {nearest(setting, sorted(below))}"
            nodes = [child for node in nodes for name, child in _settings(node) if name == setting]
    return None


def _settings(node: Node) -> Iterator[tuple[str, Node]]:
    """The settings of everything that a node may be, by name."""
    if isinstance(node, OneOf):
        for alternative in node.alternatives.values():
            yield from _settings(alternative)
    elif isinstance(node, ComponentProduct):
        for name, field in node.component.fields():
            default = Leaf(Chosen((field.get_default(call_default_factory=True),)))
            yield name, node.children.get(name, default)
        declared = dict(node.component.fields())
        yield from ((name, child) for name, child in node.children.items() if name not in declared)
    elif isinstance(node, MappingProduct):
        yield from node.children.items()
    elif isinstance(node, TupleProduct):
        yield from (named for item in node.children.values() for named in _named(item))
    elif isinstance(node, Leaf):
        for value in node.domain.values if isinstance(node.domain, Chosen) else ():
            if isinstance(value, Component):
                yield from ((name, Leaf(Chosen((setting,)))) for name, setting in value.settings.items())


def _named(node: Node) -> Iterator[tuple[str, Node]]:
    """The components that a node may be, by name."""
    if isinstance(node, OneOf):
        for alternative in node.alternatives.values():
            yield from _named(alternative)
    elif isinstance(node, ComponentProduct):
        yield node.component.name, node


def nothing_left(space: PipelineSpace) -> str | None:
    """Why no pipeline of a space meets its constraints, with how many each removes; None if some pipeline does.

    Of spaces with more than 50,000 combinations, and of infinite ones, 5,000 drawn at random are looked at.
    """
    looked_at, removed = 0, Counter[str]()
    example: Forbidden | None = None
    for pipeline in candidates(space):
        broken = [constraint.text for constraint in space.constraints if constraint.forbids(pipeline)]
        if not broken:
            return None
        looked_at += 1
        removed.update(broken)
        example = example or space.forbids(pipeline)
    shares = "; ".join(f"`{text}` removes {count:,}" for text, count in removed.most_common())
    reason = f", for example: {example.rule} {example.why}" if example else ""
    return f"no pipeline meets the constraints. Of {looked_at:,} looked at, {shares}{reason}. Loosen one of them"


def candidates(space: PipelineSpace) -> Iterable[Pipeline]:
    """Pipelines of a space before constraints: all of them, or where they are too many a random lot."""
    size = space.size()
    if size is not None and size <= MOST_ENUMERATED:
        return space.root.members()
    generator = random.Random(0)
    drawn = (PipelineSpace(space.root).draw(generator) for _ in range(MOST_DRAWN))
    return (pipeline for pipeline in drawn if isinstance(pipeline, Pipeline))
