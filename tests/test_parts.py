"""Components by name, with settings that may vary."""

from __future__ import annotations

import inspect

import pytest

import tradespace
from tradespace import parts
from tradespace.components.registry import COMPONENTS, components
from tradespace.components.rerankers.none import NoReranker
from tradespace.components.retrievers.bm25 import BM25
from tradespace.evals.measures.kinds import MEASURE_KINDS


def test_every_component_and_kind_of_measure_is_there() -> None:
    """By its name, for completion too."""
    names = {*components(), *MEASURE_KINDS}
    assert names <= set(dir(parts))
    assert {name for name in names if getattr(parts, name)().kind.name != name} == set()


def test_settings_are_kept_as_they_are_given() -> None:
    """Shown as they were written; nothing is checked yet."""
    varied = parts.bm25(top_k=[1, 5], k1=tradespace.between(0.6, 1.5))
    assert (varied.kind, varied.settings) == (BM25, {"top_k": [1, 5], "k1": {"from": 0.6, "to": 1.5}})
    assert repr(parts.dense(index=[parts.flat(), "hnsw"])) == "dense(index=[flat(), 'hnsw'])"


def test_editors_show_what_a_component_takes() -> None:
    """Its documentation, and its settings with their defaults; those that must be given have none."""
    assert inspect.getdoc(parts.bm25) == inspect.getdoc(BM25)
    settings = inspect.signature(parts.bm25).parameters
    assert {name: setting.default for name, setting in settings.items()} == BM25().settings
    assert inspect.signature(parts.openai).parameters["model"].default is inspect.Parameter.empty


def test_a_name_that_is_none_says_the_nearest() -> None:
    """As everywhere."""
    with pytest.raises(AttributeError, match=r"no component is called 'bm52'; did you mean 'bm25'\?"):
        _ = parts.bm52


def test_a_component_of_ones_own_is_there_once_it_is_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under its name."""

    class Mine(NoReranker):
        name = "mine"

    monkeypatch.setattr(COMPONENTS, "_entries", {**components()})
    tradespace.register(Mine)
    assert parts.mine().kind is Mine
