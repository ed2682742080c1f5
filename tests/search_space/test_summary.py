"""The size of a space, and what constraints do to it."""

from __future__ import annotations

import pytest

from tests.search_space.small import Read
from tradespace.search_space import summary
from tradespace.search_space.space import OWN_RULE
from tradespace.search_space.summary import describe_space

STAGES = """
chunk: {cut: {size: [1, 4], overlap: [0, 2]}}
retrieve: {words: {top_k: [1, 3, 5]}, vectors: {index: [flat, graph], top_k: [1, 3]}}
rerank: {same: {}, keep: {keep: [1, 3, 5]}}
"""


def test_a_finite_space_is_counted(read: Read) -> None:
    """Combinations at each stage, in all, and those left; and what each rule alone removes."""
    described = describe_space(read(STAGES, constraints="[rerank.keep <= retrieve.top_k, rerank.keep != 3]").space)
    assert described.stages == {
        "chunk": {"cut": 4},
        "retrieve": {"words": 3, "vectors": 4},
        "rerank": {"same": 1, "keep": 3},
    }
    assert described.combinations == 4 * 7 * 4
    assert described.exact
    assert described.allowed == 3 * (7 + 7 + 1)
    rules = {OWN_RULE: 28, "rerank.keep <= retrieve.top_k": 3 * (3 + 6), "rerank.keep != 3": 21}
    assert described.removed == {rule: count / 112 for rule, count in rules.items()}


def test_a_large_space_is_estimated_without_bias(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """The estimate is close to the count, though walks favour components with few settings."""
    space = read(STAGES, constraints="[rerank.keep <= retrieve.top_k]").space
    counted = describe_space(space)
    monkeypatch.setattr(summary, "MOST_ENUMERATED", 0)
    estimated = describe_space(space)
    assert not estimated.exact
    assert estimated.allowed == pytest.approx(counted.allowed, rel=0.05)
    assert estimated.removed == pytest.approx(counted.removed, abs=0.02)


def test_an_infinite_space_has_no_size(read: Read) -> None:
    """What is infinite stays so, whatever constraints remove."""
    stages = "retrieve: {words: {k1: {from: 0, to: 1}}, vectors: {}}"
    described = describe_space(read(stages, search="{budget: {pipelines: 1}}", constraints="[retrieve.k1 < 0.5]").space)
    assert (described.combinations, described.allowed) == (None, None)
    assert described.stages == {"retrieve": {"words": None, "vectors": 1}}
