"""A space as it is searched: settings that the explore questions decide have their values, and what was proposed.

What was found stands in the pipelines themselves, so that one that is printed is whole, and can be run anywhere.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain, repeat

from tradespace.components.base import Pipeline
from tradespace.components.examples.base import ExamplePairs, Examples
from tradespace.components.examples.bootstrap import Bootstrap
from tradespace.components.examples.given import GivenExamples
from tradespace.errors import SpaceError
from tradespace.search_space.domains import Chosen, Domain
from tradespace.search_space.proposals import takes_proposals
from tradespace.search_space.replacing import Replace, first_towards, paths_to, replaced
from tradespace.search_space.sections import ProposalsSection
from tradespace.search_space.space import PipelineSpace
from tradespace.search_space.tree import ComponentProduct, Leaf, Node, PipelineProduct
from tradespace.types import Question

DrawPairs = Callable[[Bootstrap, Pipeline], ExamplePairs]
"""Draws examples with a pipeline that shows none."""
Propose = Callable[[Sequence[str], Callable[[str], Pipeline]], Sequence[str]]
"""Proposes instructions beside some, given the pipeline that each is tried in."""
DRAWN = 1000
"""Pipelines that are drawn where constraints forbid the first."""


def needs_preparation(space: PipelineSpace) -> bool:
    """Whether values of some settings are to be found before the search."""
    return any(paths_to(space.root, lambda _, node: _is_bootstrap(node)))


def prepared(space: PipelineSpace, draw_pairs: DrawPairs) -> PipelineSpace:
    """The space with examples in the place of those that were to be drawn.

    Each are drawn by the pipeline of the space that shows no examples and has the first value of every other setting.

    Raises:
        SpaceError: how they are drawn is varied without end, or no pipeline is allowed that could draw them.
    """
    plain = _with(space, lambda path, node: _given(node, [()]))

    def drawn(path: str, node: ComponentProduct) -> Node:
        teacher = first_pipeline(plain, path)
        return _given(node, [draw_pairs(bootstrap, teacher) for bootstrap in _ways_to_draw(node)])

    return _with(space, drawn)


def with_stand_ins(space: PipelineSpace, questions: Sequence[Question]) -> PipelineSpace:
    """The space with explore questions and their accepted answers in the place of examples that are still to be drawn:
    for estimates, as they are about as long."""
    known = tuple((question.text, question.answers[0]) for question in questions if question.answers)
    return prepared(space, lambda bootstrap, _: known[: bootstrap.pool])


def with_proposed(space: PipelineSpace, propose: Propose) -> PipelineSpace:
    """The space with proposed instructions beside its own, for each prompt that takes any.

    Each instruction is tried in the pipeline of the space that has it and the first value of every other setting.

    Raises:
        SpaceError: no pipeline is allowed that could try one.
    """

    def proposed(path: str, node: ComponentProduct) -> Node | None:
        if not takes_proposals(path, node):
            return None
        own = tuple(node.children["instruction"].members())
        fresh = propose(own, lambda instruction: first_pipeline(_only(space, path, instruction), path))
        return _instructed(node, (*own, *fresh))

    return _replaced(space, proposed)


def with_stand_in_instructions(space: PipelineSpace, settings: ProposalsSection) -> PipelineSpace:
    """The space with as many instructions as may be proposed, each as long as it may be: for estimates."""
    stand_ins = [" ".join(["instruct"] * (settings.most_words - 1) + [str(n)]) for n in range(settings.keep)]
    return with_proposed(space, lambda own, _: stand_ins)


def first_pipeline(space: PipelineSpace, path: str) -> Pipeline:
    """The pipeline with the component at a path, and the first value of every other setting; where that is forbidden,
    one that is drawn.

    Raises:
        SpaceError: none was drawn that is allowed.
    """
    towards, generator = first_towards(path), random.Random(0)

    def choose(place: str, domain: Domain) -> object:
        leads_on = path.startswith(f"{place}.")
        return towards(place, domain) if leads_on else domain.draw(generator)

    for attempt in chain([towards], repeat(choose, DRAWN)):
        if isinstance(pipeline := space.walk(attempt), Pipeline):
            return pipeline
    raise SpaceError(f"the constraints must allow a pipeline with {path}; none of {DRAWN:,} that were drawn is allowed")


def _with(space: PipelineSpace, found: Callable[[str, ComponentProduct], Node]) -> PipelineSpace:
    return _replaced(space, lambda path, node: found(path, node) if _is_bootstrap(node) else None)


def _replaced(space: PipelineSpace, replace_component: Replace) -> PipelineSpace:
    root = replaced(space.root, replace_component)
    assert isinstance(root, PipelineProduct)
    return replace(space, root=root)


def _only(space: PipelineSpace, path: str, instruction: str) -> PipelineSpace:
    """The space with one instruction for the prompt at a path."""
    return _replaced(space, lambda place, node: _instructed(node, (instruction,)) if place == path else None)


def _instructed(node: ComponentProduct, instructions: tuple[str, ...]) -> ComponentProduct:
    return replace(node, children={**node.children, "instruction": Leaf(Chosen(instructions))})


def _is_bootstrap(node: ComponentProduct) -> bool:
    return node.component is Bootstrap


def _given(node: ComponentProduct, pools: Sequence[ExamplePairs]) -> ComponentProduct:
    """Given examples of one of these pools, with the settings of a bootstrap that say which of them are shown."""
    shown = {name: child for name, child in node.children.items() if name in Examples.model_fields}
    return ComponentProduct({"pairs": Leaf(Chosen(tuple(dict.fromkeys(pools)))), **shown}, GivenExamples)


def _ways_to_draw(node: ComponentProduct) -> list[Bootstrap]:
    """A bootstrap for each combination of the settings that say how examples are drawn."""
    drawing = {name: child for name, child in node.children.items() if name not in Examples.model_fields}
    if any(child.size is None for child in drawing.values()):
        raise SpaceError(f"settings that say how bootstrap draws must be finite: {', '.join(drawing)}. Give a `step`")
    return list(ComponentProduct(drawing, Bootstrap).members())
