"""The tables say what the scores say."""

from __future__ import annotations

import numpy as np

from bench.generated.__main__ import by_retriever, choices, ranks, survivors, within_retriever
from tradespace.components.notation import parse
from tradespace.data.generation.written import GeneratedType
from tradespace.explorer.generating.fates import Fate
from tradespace.explorer.generating.generation import GeneratedQuestions

PIPELINES = [parse("bm25() >> reader()"), parse("dense() >> reader()"), parse("hybrid() >> reader()")]
TRUTH = {
    "answer_f1": np.array([[0.2, 0.4], [0.6, 0.6], [0.8, 0.6]]),
    "mrr": np.array([[0.0, 1.0], [1.0, 0.5], [1.0, 1.0]]),
}
SECONDS = np.array([0.01, 0.03, 0.02])


def test_a_set_that_says_the_same_loses_nothing() -> None:
    """It has the same ranks and the same frontier."""
    ((name, number, kendall, spearman, _),) = ranks(TRUTH, {"the same": TRUTH})
    assert (name, number) == ("the same", "2")
    assert kendall.startswith("1.00 (")
    assert spearman.startswith("1.00 (")
    assert list(choices(TRUTH, {"the same": TRUTH}, SECONDS)) == [["the same", "2", "0", "0.0", "0.0", "0.0"]]


def test_what_another_choice_costs_is_told() -> None:
    """By the frontier of other scores, the slow pipeline is worth its time; by the truth a faster one is better."""
    other = {"answer_f1": np.array([[0.2, 0.2], [0.9, 0.9], [0.1, 0.1]]), "mrr": TRUTH["mrr"]}
    assert list(choices(TRUTH, {"other": other}, SECONDS)) == [["other", "1", "2", "5.0", "10.0", "10.0"]]


def test_retrievers_are_told_apart() -> None:
    """The mean of the pipelines that have each."""
    assert list(by_retriever(PIPELINES, {"people": TRUTH})) == [["people", "30.0", "60.0", "70.0"]]


def test_ranks_are_compared_among_pipelines_of_one_retriever() -> None:
    """What one retriever gains by wording is no matter there."""
    pipelines = [parse(f"{name}(top_k={k}) >> reader()") for name in ("bm25", "dense", "hybrid") for k in (1, 2)]
    truth = {"answer_f1": np.array([[0.1], [0.2], [0.3], [0.4], [0.5], [0.6]])}
    other = {"answer_f1": np.array([[0.8], [0.9], [0.2], [0.1], [0.5], [0.6]])}
    assert list(within_retriever(pipelines, truth, {"other": other})) == [["other", "1.00", "-1.00", "1.00"]]


def test_what_survives_is_counted_by_type() -> None:
    """With what became of the others; passages with nothing to ask about count for nothing."""
    fates = {GeneratedType.FACT: {Fate.KEPT: 2, Fate.UNFIT: 3, Fate.NOTHING: 9}, GeneratedType.NUMBER: {Fate.FAILED: 0}}
    assert survivors(GeneratedQuestions((), fates)).splitlines() == [
        "| type | written | kept | does not stand for itself |",
        "| --- | ---: | ---: | ---: |",
        "| fact | 5 | 2 | 3 |",
        "| number | 0 | 0 | 0 |",
    ]
