"""What strategies spend in: every distinct call is paid for once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.search.market import Market
from bench.search.recording import Recording

PURCHASES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 39), st.integers(0, 39)), max_size=12)


def calls_of(recording: Recording, row: int, question: int) -> set[int]:
    """By the definition of a recording."""
    cell = row * recording.explore + question
    return set(recording.calls[recording.starts[cell] : recording.starts[cell + 1]].tolist())


@given(purchases=PURCHASES)
def test_the_price_is_that_of_the_distinct_calls(recording: Recording, purchases: list[tuple[int, int, int]]) -> None:
    """However purchases overlap, they cost what a set of their calls costs."""
    market, bought = Market(recording), set[int]()
    for row, *ends in purchases:
        first, end = sorted(ends)
        market.buy([row], first, end)
        bought |= {call for question in range(first, end) for call in calls_of(recording, row, question)}
    assert market.spent == pytest.approx(sum(recording.prices[call] for call in bought))


def test_a_pipeline_is_complete_when_none_of_its_calls_is_missing(recording: Recording) -> None:
    """It need not have been bought itself."""
    market = Market(recording)
    market.buy([4], 0, recording.explore)
    bought = {call for question in range(recording.explore) for call in calls_of(recording, 4, question)}
    every = range(len(recording.pipelines))
    complete = [row for row in every if all(calls_of(recording, row, q) <= bought for q in range(recording.explore))]
    assert market.complete().tolist() == complete


def test_estimates_are_those_of_the_first_questions(recording: Recording) -> None:
    """Means of scores, and the 95th percentile of seconds."""
    scores, costs = Market(recording).estimates(np.array([1, 3]), 12)
    assert scores == pytest.approx(recording.scores[[1, 3], :12].mean(axis=1))
    assert costs == pytest.approx(np.quantile(recording.figures[[1, 3], :12], 0.95, axis=1))


def test_another_order_of_questions_changes_no_total(recording: Recording) -> None:
    """Each cell keeps its calls and its score, and the truth stays."""
    shuffled = recording.shuffled(3)
    order = np.random.default_rng(3).permutation(recording.explore)
    assert all(
        calls_of(shuffled, row, place) == calls_of(recording, row, question)
        for row in range(len(recording.pipelines))
        for place, question in enumerate(order)
    )
    assert (shuffled.scores[:, : recording.explore] == recording.scores[:, order]).all()
    assert shuffled.true_costs == pytest.approx(recording.true_costs)
    assert (shuffled.fresh_scores == recording.fresh_scores).all()
