"""Components as values, and the driver that runs processes directly."""

from __future__ import annotations

import hashlib

import pytest

from tradespace.components.base import answer_of, ranking_of
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.indexes.hnsw import HNSW
from tradespace.components.rerankers.langchain import LangChainCompressor
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.retrievers.dense import Dense
from tradespace.components.retrievers.hybrid import Hybrid
from tradespace.types import Answer, Passage, ScoredPassage

RANKING = (ScoredPassage(Passage("p", "p", "text"), 1.0),)


def test_only_chosen_settings_are_written() -> None:
    """The short notation leaves defaults out, the full one writes them all."""
    dense = Dense(index=HNSW(m=8), top_k=10)
    assert str(dense) == "dense(index=hnsw(m=8))"
    assert dense.full_notation() == (
        "dense(embedder=minilm(), "
        "index=hnsw(storage='memory', m=8, ef_construction=80, ef_search=32, precision='fp32'), top_k=10)"
    )


def test_keys_are_the_same_in_every_release() -> None:
    """A ledger outlives the process: the key is a fixed function of name, version of the behaviour and settings."""
    written = "bm25@2(k1=1.2, b=0.75, stopwords='english', top_k=10)"
    assert BM25().key == hashlib.sha256(written.encode()).hexdigest()


def test_numbers_are_equal_as_their_setting_reads_them() -> None:
    """A whole number given for a fractional setting makes the same component."""
    assert BM25(k1=1).key == BM25(k1=1.0).key


def test_components_of_different_classes_differ() -> None:
    """Components without settings in common are unequal, and unequal to anything else."""
    assert Minilm() != HNSW()
    assert Minilm() != "minilm()"


def test_arguments_are_equal_in_any_order() -> None:
    """The order in which arguments are written does not matter, at any depth."""
    path = "package.module.Class"
    compressor = LangChainCompressor(path=path, arguments={"a": 1, "b": {"c": [1, 2], "d": None}})
    other = LangChainCompressor(path=path, arguments={"b": {"d": None, "c": [1, 2]}, "a": 1})
    assert (compressor, hash(compressor), str(compressor)) == (other, hash(other), str(other))


def test_arguments_cannot_be_changed_from_outside() -> None:
    """A component does not share its arguments with the dictionary it was made from."""
    arguments = {"tags": ["one"]}
    component = LangChainCompressor(path="package.module.Class", arguments=arguments)
    key = component.key
    arguments["tags"].append("two")
    assert component == LangChainCompressor(path="package.module.Class", arguments={"tags": ["one"]})
    assert component.key == key


def test_outcomes_are_checked() -> None:
    """An answer is no ranking, a ranking no answer; the error says what was given."""
    answer = Answer("yes", 1.0)
    assert ranking_of(RANKING) == RANKING
    assert answer_of(answer) == answer
    with pytest.raises(TypeError, match="a ranking was expected"):
        ranking_of(answer)
    with pytest.raises(TypeError, match="an answer was expected"):
        answer_of(RANKING)


def test_a_component_without_operator_says_so() -> None:
    """Hybrid retrieval makes no calls of its own."""
    with pytest.raises(NotImplementedError, match="Hybrid"):
        Hybrid().open(None)  # type: ignore[arg-type]
