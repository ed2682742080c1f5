"""Pipelines written as YAML."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.search_space.small import Answer, Both, Cut, Flat, Foreign, Graph, Keep, Vectors, Words
from tradespace.components.base import Pipeline
from tradespace.components.notation import parse
from tradespace.search_space.pipeline_yaml import pipeline_yaml
from tradespace.search_space.specification import load_text

COUNTS = st.integers(1, 10**6)
WORDS = st.builds(Words, k1=st.floats(0, 1e6), b=st.floats(0, 1), language=st.sampled_from(["english", "german"]))
VECTORS = st.builds(Vectors, index=st.builds(Flat) | st.builds(Graph, ef=COUNTS), top_k=COUNTS)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
    max_leaves=5,
)
BOTH = st.builds(
    Both,
    members=st.lists(WORDS | VECTORS, min_size=1, max_size=3).map(tuple),
    weights=st.lists(st.floats(0, 1), max_size=3).map(tuple),
    limit=st.none() | st.integers(),
)
FOREIGN = st.builds(Foreign, path=st.text(), arguments=st.dictionaries(st.text(min_size=1), PLAIN, max_size=3))
PIPELINES = st.tuples(
    st.none() | st.builds(Cut, size=COUNTS),
    WORDS | VECTORS | BOTH | FOREIGN,
    st.lists(st.builds(Keep, keep=COUNTS), max_size=3).map(tuple),
    st.none() | st.builds(Answer, shuffled=st.booleans()),
).map(lambda parts: Pipeline(tuple(part for part in (*parts[:2], *parts[2], parts[3]) if part is not None)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PIPELINES)
def test_a_written_pipeline_is_a_space_of_itself(small_registry: None, pipeline: Pipeline) -> None:
    """Read back, the section describes a space with this one member."""
    text = "name: n\ndata: {dataset: d}\nobjectives: {f1: }\n" + pipeline_yaml(pipeline)
    space = load_text(text).space
    assert space.size() == 1
    assert list(space.members()) == [pipeline]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BOTH)
def test_several_components_in_a_setting_are_read_back(small_registry: None, both: Both) -> None:
    """The notation, short or with every default, holds the notation of each of them."""
    assert parse(str(both)) == Pipeline((both,))
    assert parse(both.full_notation()) == Pipeline((both,))


def test_every_setting_is_spelt_out() -> None:
    """Defaults are written too, so that the pipeline stays the same when defaults change."""
    written = pipeline_yaml(Pipeline((Vectors(), Keep())))
    assert written == (
        "pipeline:\n  retrieve:\n    vectors:\n      index:\n        flat: {}\n      top_k: 5\n"
        "  rerank:\n    keep:\n      keep: 3\n"
    )
