"""Kinds of measures with settings: values like components, chosen by name."""

from __future__ import annotations

from typing import ClassVar

import pytest

from tradespace.components.embedders.minilm import Minilm
from tradespace.components.embedders.openai import OpenAIEmbeddings
from tradespace.components.registry import components
from tradespace.components.trust import Trust
from tradespace.errors import InputError
from tradespace.evals.measures import measures
from tradespace.evals.measures.answer_f1 import ANSWER_F1
from tradespace.evals.measures.base import Measure
from tradespace.evals.measures.configured import ConfiguredMeasure
from tradespace.evals.measures.kinds import MEASURE_KINDS, usual_measures
from tradespace.evals.measures.own_function import OwnFunction
from tradespace.evals.measures.rouge_l import RougeL
from tradespace.evals.measures.semantic_similarity import SemanticSimilarity
from tradespace.extensions import register
from tradespace.testing.configured_measure_contract import ConfiguredMeasureContract

EXAMPLES = (
    RougeL(),
    RougeL(beta=2.5),
    SemanticSimilarity(),
    SemanticSimilarity(embedder=OpenAIEmbeddings(model="text-embedding-3-small")),
    OwnFunction(path="package.module:function"),
    OwnFunction(path="function.of", arguments={"k": 1}, direction="minimize", range=(1, 5), references=False),
)


class Clone(ConfiguredMeasure):
    """F1 under another name."""

    name: ClassVar[str] = "clone"

    def measure(self, name: str) -> Measure:
        return type(ANSWER_F1)(name)


class Timed(Clone):
    """Has the name of a figure."""

    name: ClassVar[str] = "latency_p95"


@pytest.mark.parametrize("component", EXAMPLES, ids=str)
class TestKinds(ConfiguredMeasureContract):
    """The contract."""


def test_no_kind_has_the_name_of_a_measure_without_settings() -> None:
    """A name means one thing."""
    assert MEASURE_KINDS.keys().isdisjoint(measures())


def test_a_kind_that_needs_no_setting_is_a_measure_as_it_is() -> None:
    """One that needs some, such as the path of a function, is none."""
    usual = usual_measures()
    assert (usual["rouge_l"], usual["semantic_similarity"]) == (RougeL(), SemanticSimilarity(embedder=Minilm()))
    assert "function" not in usual


def test_a_kind_is_keyed_by_all_that_its_scores_depend_on() -> None:
    """Its settings, the weights of models among them, and its version."""
    one, other = SemanticSimilarity(), RougeL()
    assert one.key != other.key
    assert Minilm().weights_checksum in one.identity
    assert RougeL(beta=2).key != RougeL().key


def test_a_kind_needs_the_trust_of_its_parts() -> None:
    """A function is imported; an embedder behind a server sends answers there."""
    assert [trust for part in OwnFunction(path="a.b").parts() for trust in part.needs] == [Trust.IMPORTS]
    remote = SemanticSimilarity(embedder=OpenAIEmbeddings(model="m"))
    assert Trust.SERVER in {trust for part in remote.parts() for trust in part.needs}


def test_a_kind_of_ones_own_is_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no component of pipelines, though it is declared as they are."""
    monkeypatch.setattr(MEASURE_KINDS, "_entries", dict(MEASURE_KINDS))
    monkeypatch.setattr(MEASURE_KINDS, "_added", set())
    assert register(Clone) is Clone
    assert MEASURE_KINDS["clone"] is Clone
    assert "clone" not in components()
    assert usual_measures()["clone"].measure("clone").score([], [], []) == []


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (ConfiguredMeasure, "must define measure"),
        (Timed, "must have a name of letters, digits and _ that is no figure's; its name is 'latency_p95'"),
    ],
)
def test_what_cannot_be_a_kind_is_refused(kind: type, message: str) -> None:
    """The message says what must hold."""
    with pytest.raises(InputError, match=message):
        register(kind)
