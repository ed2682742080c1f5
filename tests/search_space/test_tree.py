"""The tree: one walk, and what is read from its nodes."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.search_space.domains import Chosen, Domain, Drawn
from tradespace.search_space.tree import Leaf, MappingProduct, Node, OneOf, TupleProduct

LEAVES = st.lists(st.integers(), min_size=1, max_size=3, unique=True).map(lambda values: Leaf(Chosen(tuple(values))))


def products(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    children = st.lists(inner, min_size=1, max_size=3)
    tuples = children.map(lambda nodes: TupleProduct({str(place): node for place, node in enumerate(nodes)}))
    labelled = children.map(
        lambda nodes: OneOf({f"a{n}": MappingProduct({f"a{n}": node}) for n, node in enumerate(nodes)})
    )
    return tuples | labelled


TREES = st.recursive(LEAVES, products, max_leaves=6)


def naive(node: Node) -> list[object]:
    """The members of a tree by plain recursion over lists."""
    if isinstance(node, Leaf):
        return list(node.domain.members())
    if isinstance(node, OneOf):
        return [value for alternative in node.alternatives.values() for value in naive(alternative)]
    assert isinstance(node, TupleProduct | MappingProduct)
    combinations = product(*(naive(child) for child in node.children.values()))
    return [node.make(dict(zip(node.children, values, strict=True))) for values in combinations]


@given(TREES)
def test_members_are_those_of_the_naive_enumeration(tree: Node) -> None:
    """Lazy enumeration gives the same values in the same order, as many as the size says."""
    assert list(tree.members()) == naive(tree)
    assert tree.size == len(naive(tree))


@given(TREES, st.integers())
def test_a_walk_builds_a_member_and_its_trace_builds_it_again(tree: Node, seed: int) -> None:
    """Any walk ends at a member; walking along that member's trace ends there too, and asks for nothing else."""
    generator = random.Random(seed)
    asked: dict[str, object] = {}

    def choose(path: str, domain: Domain) -> object:
        asked[path] = domain.draw(generator)
        return asked[path]

    value = tree.walk("top", choose)
    choices = tree.trace("top", value)
    assert value in naive(tree)
    assert choices is not None
    assert {path: chosen for path, (_, chosen) in choices.items()} == asked
    assert tree.walk("top", lambda path, _: choices[path][1]) == value


@given(TREES)
def test_what_is_not_a_member_has_no_trace(tree: Node) -> None:
    """Values of another kind are not found."""
    assert tree.trace("top", "something else") is None


def test_members_are_lazy() -> None:
    """The first members of a product of huge ranges come at once."""
    huge = Leaf(Drawn(0, 10**12, 1))
    assert next(TupleProduct({"0": huge, "1": huge}).members()) == (0, 0)


def test_an_infinite_part_makes_the_whole_infinite() -> None:
    """A float range without a step has no size, and gives none to what contains it."""
    floats, one = Leaf(Drawn(0.0, 1.0)), Leaf(Chosen((1,)))
    assert OneOf({"a": floats, "b": one}).size is None
    assert TupleProduct({"0": floats, "1": one}).size is None
    with pytest.raises(ValueError, match="cannot be listed"):
        list(TupleProduct({"0": floats}).members())


def test_a_fixed_setting_is_not_asked_for() -> None:
    """A walk asks only where there is more than one possibility."""
    tree = TupleProduct({"0": Leaf(Chosen((7,))), "1": OneOf({"only": Leaf(Chosen((8,)))})})

    def choose(path: str, domain: Domain) -> object:
        raise AssertionError(f"{path} was asked for")

    assert tree.walk("", choose) == (7, 8)
