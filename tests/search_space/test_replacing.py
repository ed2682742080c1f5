"""Possibilities are replaced where they stand; all else stays what it was, and so do its paths."""

from __future__ import annotations

from typing import Any

import pytest

from tradespace.components.base import Component, Pipeline
from tradespace.components.rerankers.mmr import MMR
from tradespace.components.retrievers.bm25 import BM25
from tradespace.search_space.domains import Chosen
from tradespace.search_space.replacing import first_towards, paths_to, replaced
from tradespace.search_space.space import PipelineSpace
from tradespace.search_space.specification import load_text
from tradespace.search_space.tree import ComponentProduct, Leaf, Node

FILE = """
name: s
data: {dataset: wikipedia}
objectives: {mrr: maximize}
pipeline:
  retrieve:
    dense: {top_k: [3, 5]}
    hybrid: {bm25: {k1: [0.9, 1.5]}, top_k: [3, 5]}
  rerank: {mmr: {keep: [2, 3]}, none: {}}
"""


@pytest.fixture(scope="module")
def space() -> PipelineSpace:
    """A space with a component in a setting of another."""
    return load_text(FILE).space


def is_a(component: type[Component]) -> Any:
    """Whether possibilities are of a component."""
    return lambda _, node: node.component is component


def test_what_is_not_replaced_stays(space: PipelineSpace) -> None:
    """A replacement that never happens changes nothing."""
    assert replaced(space.root, lambda path, node: None) == space.root


def test_a_component_deep_in_settings_is_replaced(space: PipelineSpace) -> None:
    """Only that of the path: the members that had it have the other possibilities, in its place."""
    (path,) = paths_to(space.root, is_a(BM25))
    other = ComponentProduct({"b": Leaf(Chosen((0.1, 0.2, 0.3)))}, BM25)

    def instead(place: str, node: ComponentProduct) -> Node | None:
        return other if place == path else None

    new = PipelineSpace(replaced(space.root, instead))  # type: ignore[arg-type]
    assert path == "retrieve.hybrid.bm25"
    assert (space.size(), new.size()) == ((2 + 4) * 3, (2 + 6) * 3)
    values = {part.b for pipeline in new.members() for part in parts(pipeline) if isinstance(part, BM25)}
    assert values == {0.1, 0.2, 0.3}


def parts(pipeline: Pipeline) -> list[Component]:
    """All components of a pipeline."""
    return [part for component in pipeline for part in component.parts()]


def test_the_first_pipeline_towards_a_component_has_it(space: PipelineSpace) -> None:
    """Where there is a choice on the way it is made, and the first value is taken everywhere else."""
    pipeline = space.walk(first_towards("retrieve.hybrid.bm25"))
    assert str(pipeline) == "hybrid(bm25=bm25(k1=0.9), top_k=3) >> mmr(keep=2)"
    assert str(space.walk(first_towards("rerank.none"))) == "dense(top_k=3) >> none()"


def test_paths_are_those_that_choices_have(space: PipelineSpace) -> None:
    """What `paths_to` says can be looked up among the choices of a pipeline."""
    (path,) = paths_to(space.root, is_a(MMR))
    pipeline = space.walk(first_towards(path))
    assert isinstance(pipeline, Pipeline)
    assert f"{path}.keep" in (space.choices(pipeline) or {})
