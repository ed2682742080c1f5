"""Specification of microworld's documents."""

from collections import Counter
from itertools import chain, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.data.microworld import World, world_documents
from tradespace.data.microworld.words import ENTITY_NAMES, REGIONS

seeds = st.integers(0, 2**41)
sizes = st.integers(10, 400)


@given(seeds, sizes)
def test_the_same_seed_and_count_give_the_same_documents(seed: int, size: int) -> None:
    """A corpus is a function of its seed and its size."""
    assert list(world_documents(seed, size)) == list(world_documents(seed, size))


@given(seeds, sizes)
def test_as_many_documents_as_asked_for_with_distinct_ids_and_titles(seed: int, size: int) -> None:
    """Every document has an id of its own and is about an entity of its own."""
    corpus = list(world_documents(seed, size))
    assert (
        len(corpus) == len({document.id for document in corpus}) == len({document.title for document in corpus}) == size
    )


@given(seeds, sizes, st.data())
def test_a_document_states_every_fact_of_its_entity(seed: int, size: int, data: st.DataObject) -> None:
    """Reading one document is enough to know all that is to be known of its entity."""
    world = World(seed, size)
    entity = data.draw(st.integers(0, size - 1))
    text = world.document(entity).text.lower()
    assert all(fact.value in text for fact in world.facts(entity))
    assert world.name(entity) in text


@given(seeds, sizes)
def test_facts_name_entities_of_the_kind_that_their_relation_points_to(seed: int, size: int) -> None:
    """Every link leads to another entity of this world, of the right kind, under its own name."""
    world = World(seed, size)
    for entity in range(size):
        for fact in world.facts(entity):
            if fact.target is None:
                assert fact.value.isdigit() or fact.value in REGIONS
            else:
                assert 0 <= fact.target < size
                assert fact.target != entity
                assert world.kind(fact.target) == fact.relation.target
                assert world.name(fact.target) == fact.value


@given(seeds, sizes)
def test_the_populations_add_up_to_the_world(seed: int, size: int) -> None:
    """Ranks within a kind and entity numbers are two ways to count the same entities."""
    world = World(seed, size)
    for kind in ENTITY_NAMES:
        members = {world.member(kind, rank) for rank in range(world.population(kind))}
        assert members == {entity for entity in range(size) if world.kind(entity) == kind}


def test_ten_million_documents_are_reached_without_making_the_ones_before() -> None:
    """A corpus of any size costs nothing until it is read, and names stay unique by growing longer."""
    world = World(3, 10_000_000)
    assert len(list(islice(world_documents(3, 10_000_000), 3))) == 3
    assert world.document(9_999_999).text.endswith(".")
    assert len({world.name(entity) for entity in range(0, 10_000_000, 9973)}) == len(range(0, 10_000_000, 9973))


def test_documents_are_worded_in_many_ways() -> None:
    """The same relation is told in all of its wordings."""
    texts = " ".join(document.text for document in world_documents(1, 200))
    assert all(wording in texts for wording in ("lives in", "has a home in", "resides in", "reports to", "is run by"))


def test_all_names_of_one_word_are_distinct() -> None:
    """No word names two things, not even of different kinds."""
    names = Counter(chain(REGIONS, *ENTITY_NAMES.values()))
    assert max(names.values()) == 1


def test_a_world_too_small_is_refused() -> None:
    """A world needs every kind of entity, and others to link to."""
    with pytest.raises(ValueError, match="at least 10 entities, not 9"):
        World(1, 9)
