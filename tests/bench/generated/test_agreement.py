"""Ranks, frontiers and what is lost by trusting them, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.generated.agreement import agreement, frontier, regrets

CHANCES = np.array([[0.1], [0.4], [0.7], [0.95]])
RIGHT = (np.random.default_rng(0).random((4, 200)) < CHANCES).astype(np.float64)


def test_equal_ranks_agree_and_reversed_ones_disagree() -> None:
    """From 1 to -1; the interval is of questions drawn anew."""
    same, other = agreement(RIGHT, RIGHT), agreement(RIGHT, RIGHT[::-1])
    assert (same.kendall, same.spearman) == (pytest.approx(1), pytest.approx(1))
    assert (other.kendall, other.spearman) == (pytest.approx(-1), pytest.approx(-1))
    assert same.kendall_interval[0] <= same.kendall_interval[1] <= 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8))
def test_the_frontier_is_what_no_other_beats(points: list[tuple[int, int]]) -> None:
    """As found by comparing each with each."""
    accuracy, cost = (np.array(column, dtype=np.float64) for column in zip(*points, strict=True))
    expected = {
        place
        for place, (own, price) in enumerate(points)
        if not any(other >= own and paid <= price and (other > own or paid < price) for other, paid in points)
    }
    assert frontier(accuracy, cost) == expected


def test_what_is_lost_is_measured_against_what_costs_no_more() -> None:
    """Nothing by the best at its price; the difference by another."""
    accuracy, cost = np.array([0.5, 0.6, 0.4]), np.array([1.0, 2.0, 1.5])
    assert regrets({0, 1}, accuracy, cost) == [0.0, 0.0]
    assert regrets({2}, accuracy, cost) == [pytest.approx(0.1)]
