"""Pipelines as values: composed, compared, written down and read back."""

from __future__ import annotations

from functools import cache, reduce
from operator import rshift
from typing import Any, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tradespace.addresses import digest
from tradespace.components.base import Component, Pipeline
from tradespace.components.chunkers.sentences import Sentences
from tradespace.components.notation import parse
from tradespace.components.parsers import PyPDF
from tradespace.components.readers.sentence import SentenceReader
from tradespace.components.registry import components_of
from tradespace.components.rerankers.cross_encoder import EmbeddedCrossEncoder
from tradespace.components.rerankers.maxsim import MaxSim
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.roles import STAGES, Role
from tradespace.errors import NotationError

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


VALID = {"text": "{{ question }}"}
"""A required setting of which hardly any text is valid."""
DEEPEST = 2
"""How many components deep the settings of a component vary; further down they are what they are by default."""


def settings_of(component: type[Component], depth: int) -> st.SearchStrategy[dict[str, Any]]:
    """Random settings of a component, within the bounds that it declares."""
    schema = component.model_json_schema().get("properties", {})
    return st.fixed_dictionaries({name: values(field, schema[name], depth) for name, field in component.fields()})


def values(field: Any, schema: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    """Random values of one setting."""
    if isinstance(field.annotation, type) and issubclass(field.annotation, Component):
        return any_component(field.annotation, depth + 1)
    if several := component_of_several(field.annotation):
        return st.lists(any_component(several, depth + 1), min_size=schema.get("minItems", 0), max_size=3)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True)
    by_type = {
        "integer": lambda: st.integers(schema["minimum"], schema["maximum"]),
        "number": lambda: st.floats(schema["minimum"], schema["maximum"]),
        "object": lambda: st.dictionaries(st.text(), plain, max_size=3),
        "string": lambda: st.text(min_size=1),
        "boolean": st.booleans,
    }
    default = st.just(field.get_default(call_default_factory=True))
    return by_type.get(schema.get("type", ""), lambda: default)()


def component_of_several(annotation: Any) -> type[Component] | None:
    """The class of the components that a setting holds several of."""
    inner = get_args(annotation)[0] if get_origin(annotation) is tuple else None
    return inner if isinstance(inner, type) and issubclass(inner, Component) else None


@cache
def any_component(kind: type[Component], depth: int = 0) -> st.SearchStrategy[Component]:
    """Random components of a class, or of the role of an abstract one."""
    concrete = [kind] if hasattr(kind, "name") else list(components_of(kind.role).values())
    if depth > DEEPEST:
        return st.sampled_from([made for component in concrete if (made := by_default(component))])
    return st.one_of(
        [settings_of(component, depth).map(lambda given, made=component: make(made, given)) for component in concrete]
    )


def by_default(component: type[Component]) -> Component | None:
    """A component as it is by default; None where something must be said."""
    return None if any(field.is_required() for _, field in component.fields()) else component()


def make(component: type[Component], given: dict[str, Any]) -> Component:
    """A component with these settings; where they break a rule of its own, with its defaults."""
    try:
        return component(**given)
    except ValidationError:
        required = [name for name, field in component.fields() if field.is_required()]
        return component(**{name: VALID.get(name, given[name]) for name in required})


def of_role(role: Role) -> st.SearchStrategy[Component]:
    """Random components that fill a stage."""
    return st.one_of([any_component(component) for component in components_of(role).values()])


pipelines = st.tuples(
    st.none() | of_role(Role.CHUNK),
    of_role(Role.RETRIEVE),
    st.lists(of_role(Role.RERANK), max_size=3),
    of_role(Role.GENERATE),
).map(lambda parts: Pipeline((*([parts[0]] if parts[0] else []), parts[1], *parts[2], parts[3])))


@settings(max_examples=30)
@given(pipelines)
def test_what_is_written_is_read_back(pipeline: Pipeline) -> None:
    """Any pipeline of any components with any settings is read back from its notation, equal and with equal keys."""
    read = parse(str(pipeline))
    assert read == pipeline
    assert hash(read) == hash(pipeline)
    assert [part.key for part in read] == [part.key for part in pipeline]
    assert parse(" >> ".join(part.full_notation() for part in pipeline)) == pipeline


@settings(max_examples=30)
@given(pipelines)
def test_composition_is_associative(pipeline: Pipeline) -> None:
    """Joining components from the left, from the right, or at once gives the same pipeline."""
    parts = pipeline.components
    from_left = reduce(rshift, parts[1:], Pipeline(parts[:1]))
    from_right = reduce(lambda right, part: part >> right, reversed(parts[:-1]), Pipeline(parts[-1:]))
    assert from_left == from_right == pipeline


def test_stages_are_told_apart() -> None:
    """A pipeline knows which component fills which stage, and which stages work when a question arrives."""
    pipeline = PyPDF() >> Sentences() >> BM25() >> MaxSim() >> SentenceReader()
    assert tuple(pipeline.stages) == STAGES
    assert list(pipeline.online.values()) == [BM25(), MaxSim(), SentenceReader()]


def test_stages_of_one_kind_are_told_apart_by_a_number() -> None:
    """Two rerankers in a row fill two stages, in the order in which they stand."""
    pipeline = parse("bm25(top_k=20) >> maxsim(keep=10) >> cross_encoder(keep=4) >> reader()")
    assert list(pipeline.stages) == ["retrieve", "rerank", "rerank_2", "generate"]
    assert pipeline.stages["rerank"] == MaxSim(keep=10)
    assert pipeline.stages["rerank_2"] == EmbeddedCrossEncoder(keep=4)


def test_the_order_of_rerankers_is_part_of_the_address() -> None:
    """What is thinned out first decides what the second one sees."""
    one, other = (MaxSim(keep=keep) for keep in (2, 8))
    assert (BM25() >> one >> other).address != (BM25() >> other >> one).address


def test_the_address_of_a_pipeline_is_that_of_its_components_in_order() -> None:
    """Stages are no part of it, so that evaluations from before stages could repeat are still found."""
    pipeline = Sentences() >> BM25() >> MaxSim() >> SentenceReader()
    assert pipeline.address == digest(component.identity for component in pipeline.components)


@pytest.mark.parametrize(
    "parts",
    [(SentenceReader(), BM25()), (BM25(), BM25(k1=2)), (MaxSim(), Sentences()), (BM25(), MaxSim(), BM25())],
    ids=str,
)
def test_stages_come_in_order_and_once(parts: tuple[Component, ...]) -> None:
    """A stage out of order, or filled twice, is refused, with what was given."""
    with pytest.raises(NotationError, match=r"stages must be among parse .* in this order, once each; given: "):
        Pipeline(parts)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a pipeline reads like"),
        ("bm25(", "a pipeline reads like"),
        ("bm25", "a component reads like"),
        ("bm25(5)", "a component reads like"),
        ("bm25() + sentence()", "a component reads like"),
        ("bm52()", "did you mean 'bm25'"),
        ("bm25(k=1)", "bm25: k: Extra inputs are not permitted"),
        ("bm25(k1=-1)", "bm25: k1: Input should be greater than or equal to 0"),
        ("dense(index=minilm())", "dense: index"),
        ("bm25(k1=open('x'))", "a component reads like"),
        ("bm25(k1=__import__)", "a setting is a literal or a component"),
    ],
)
def test_wrong_notation_is_explained(text: str, message: str) -> None:
    """What cannot be read back is refused with a reason; nothing is evaluated."""
    with pytest.raises(NotationError, match=message):
        parse(text)
