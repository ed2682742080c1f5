"""The space as a set of pipelines."""

from __future__ import annotations

import random

import pytest

from tests.search_space.small import Answer, Cut, Keep, Read, Same, Words
from tradespace.components.base import Pipeline
from tradespace.search_space.constraints import Forbidden
from tradespace.search_space.space import OWN_RULE

STAGES = """
chunk: {cut: {size: [1, 4], overlap: [0, 2]}}
retrieve: {words: {top_k: [1, 3, 5]}, vectors: {index: [flat, graph], top_k: [1, 3]}}
rerank: {same: {}, keep: {keep: [1, 3, 5]}}
generate: answer
"""


def test_members_meet_every_constraint_and_come_in_a_fixed_order(read: Read) -> None:
    """They are the combinations that no constraint forbids, the same ones each time, each once."""
    space = read(STAGES, constraints="[rerank.keep <= retrieve.top_k]").space
    members = list(space.members())
    naive = [
        p for p in space.root.members() if getattr(p.components[2], "keep", 0) <= p.components[1].settings["top_k"]
    ]
    assert members == naive == list(space.members())
    assert len(set(members)) == len(members)
    assert space.size() == 4 * 7 * 4


def test_equal_components_are_one_object(read: Read) -> None:
    """Enumeration makes each component once and shares it, which keeps it fast."""
    members = list(read(STAGES).space.members())
    assert len({id(component) for pipeline in members for component in pipeline}) == 3 + 7 + 4 + 1


def test_the_space_contains_its_members_and_nothing_else(read: Read) -> None:
    """Other values, other components and forbidden pipelines are not in it."""
    space = read(STAGES, constraints="[rerank.keep <= retrieve.top_k]").space
    assert all(space.contains(pipeline) for pipeline in space.members())
    fine = (Cut(size=4, overlap=0), Words(top_k=3), Keep(keep=3), Answer())
    assert space.contains(Pipeline(fine))
    assert not space.contains(Pipeline((*fine[:2], Keep(keep=5), Answer())))
    assert not space.contains(Pipeline((*fine[:3], Answer(passages=9))))
    assert not space.contains(Pipeline(fine[1:]))
    assert not space.contains(Pipeline((Cut(size=4), Words(top_k=2), Same(), Answer())))


def test_it_says_what_forbids_a_pipeline(read: Read) -> None:
    """The first constraint that is broken, and the values that break it."""
    space = read(STAGES, constraints="[rerank.keep <= retrieve.top_k, rerank.keep > 1]").space
    forbidden = space.forbids(Pipeline((Words(top_k=1), Keep(keep=3))))
    assert forbidden == Forbidden(
        "rerank.keep <= retrieve.top_k", "does not hold with rerank.keep = 3, retrieve.top_k = 1"
    )
    assert space.forbids(Pipeline((Words(top_k=5), Keep(keep=3)))) is None


def test_drawing_is_reproducible_and_reaches_everything(read: Read) -> None:
    """The same seed draws the same; enough draws find every member, and besides them only what is forbidden."""
    space = read(STAGES, constraints="[rerank.keep <= retrieve.top_k]").space
    draws = [[space.draw(generator) for _ in range(3000)] for generator in (random.Random(1), random.Random(1))]
    assert draws[0] == draws[1]
    drawn = {draw for draw in draws[0] if isinstance(draw, Pipeline)}
    assert drawn == set(space.members())
    rules = {draw.rule for draw in draws[0] if isinstance(draw, Forbidden)}
    assert rules == {OWN_RULE, "rerank.keep <= retrieve.top_k"}


def test_every_alternative_is_as_likely_as_its_neighbours(read: Read) -> None:
    """A component with few settings is not crowded out by one with many."""
    space = read("retrieve: {words: {top_k: {from: 1, to: 1000}}, vectors: {}}").space
    generator = random.Random(0)
    words = sum(str(space.draw(generator)).startswith("words") for _ in range(1000))
    assert 450 < words < 550


def test_an_infinite_space_is_drawn_from_but_not_listed(read: Read) -> None:
    """A float range without a step makes the size None."""
    space = read("retrieve: {words: {k1: {from: 0.5, to: 1.5}}}", search="{budget: {pipelines: 5}}").space
    assert space.size() is None
    drawn = space.draw(random.Random(0))
    assert isinstance(drawn, Pipeline)
    assert space.contains(drawn)
    with pytest.raises(ValueError, match="cannot be listed"):
        next(space.members())


def test_the_choices_of_a_pipeline_are_named_by_their_paths(read: Read) -> None:
    """Paths lead through the chosen components; what is fixed is no choice."""
    space = read(STAGES).space
    pipeline = Pipeline((Cut(size=4, overlap=2), Words(top_k=3), Keep(keep=5), Answer()))
    choices = space.choices(pipeline)
    assert choices is not None
    assert {path: value for path, (_, value) in choices.items()} == {
        "chunk.cut.size": 4,
        "chunk.cut.overlap": 2,
        "retrieve": "words",
        "retrieve.words.top_k": 3,
        "rerank": "keep",
        "rerank.keep.keep": 5,
    }
