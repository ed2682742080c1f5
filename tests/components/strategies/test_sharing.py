"""Sample once, evaluate every k: the calls of the largest k answer all that look at fewer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.components.base import Pipeline
from tradespace.components.readers.llm import LLMReader
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.strategies.adaptive_consistency import AdaptiveConsistency
from tradespace.components.strategies.base import Strategy
from tradespace.components.strategies.best_of_k import BestOfK
from tradespace.components.strategies.cot_at_k import ChainOfThoughtAtK
from tradespace.components.strategies.direct import Direct
from tradespace.components.strategies.verifiers import Arithmetic
from tradespace.explorer.running.runner import run
from tradespace.testing.strategy_contract import SMALL_REASONER, answers, caller_in, small_world

MOST = 32
KS = range(1, MOST + 1)


def pipeline(strategy: Strategy) -> Pipeline:
    """The same passages for each strategy."""
    return BM25(top_k=3) >> LLMReader(model=SMALL_REASONER, strategy=strategy)


EVERYTHING: dict[str, list[Strategy]] = {
    "every k": [ChainOfThoughtAtK(k=k) for k in KS],
    "every vote rule": [ChainOfThoughtAtK(k=k, vote="log_probability") for k in KS],
    "every threshold": [ChainOfThoughtAtK(k=k, route_below=share) for k in KS for share in (0.3, 0.5, 0.7, 1.0)],
    "adaptive stopping": [
        AdaptiveConsistency(k=k, level=level, wave=wave) for k in KS for level in (0.8, 0.95, 1.0) for wave in (1, 3, 8)
    ],
    "an exact verifier": [BestOfK(k=k, verifier=Arithmetic()) for k in KS],
}


def test_exploring_all_of_them_costs_the_largest_k_and_the_direct_answers(tmp_path: Path) -> None:
    """512 pipelines on three questions: for each question one search, 32 samples and one greedy direct answer."""
    recorded_calls = caller_in(tmp_path)
    questions = [question.text for question in small_world().questions[:3]]
    largest = pipeline(ChainOfThoughtAtK(k=MOST))
    run(recorded_calls, [largest, pipeline(Direct())], questions)
    assert recorded_calls.budget.made == len(questions) * (1 + MOST + 1)
    for strategies in EVERYTHING.values():
        run(recorded_calls, [pipeline(strategy) for strategy in strategies], questions)
    assert recorded_calls.budget.made == len(questions) * (1 + MOST + 1)
    assert sum(map(len, EVERYTHING.values())) == 512


@pytest.mark.parametrize("order", [(4, 8), (8, 4)], ids=str)
def test_more_samples_cost_only_what_is_new(tmp_path: Path, order: tuple[int, int]) -> None:
    """Eight after four cost four, and four after eight cost nothing; the answers do not depend on the order."""
    recorded_calls, question = caller_in(tmp_path), [small_world().questions[1].text]
    by_k = {}
    for k in order:
        (by_k[k],) = answers(
            run(recorded_calls, [pipeline(ChainOfThoughtAtK(k=k))], question)[pipeline(ChainOfThoughtAtK(k=k))]
        )
    assert recorded_calls.budget.made == 1 + 8
    alone = caller_in(tmp_path / "alone")
    (fresh,) = answers(run(alone, [pipeline(ChainOfThoughtAtK(k=4))], question)[pipeline(ChainOfThoughtAtK(k=4))])
    assert by_k[4] == fresh


def test_another_temperature_is_another_sample(tmp_path: Path) -> None:
    """What is drawn at one temperature says nothing about another."""
    recorded_calls, question = caller_in(tmp_path), [small_world().questions[0].text]
    for temperature in (0.5, 1.0):
        run(recorded_calls, [pipeline(ChainOfThoughtAtK(k=4, temperature=temperature))], question)
    assert recorded_calls.budget.made == 1 + 2 * 4
