"""Latency composes over the call tree: rounds add up, and the slowest call of a round counts."""

from __future__ import annotations

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.explorer.timing.call_tree import CallSeconds, end_to_end

SECONDS = st.integers(0, 1000).map(lambda n: n / 64)
"""Multiples of a power of two: sums are exact in any order."""
CALLS = st.builds(CallSeconds, SECONDS, SECONDS)
ROUNDS = st.lists(st.lists(CALLS, max_size=5), max_size=6)


def simulated(rounds: list[list[CallSeconds]]) -> float:
    """The naive reference: a clock, and a worker for each call of the round that has begun."""
    now = 0.0
    for calls in rounds:
        running = [now + call.waited + call.service for call in calls]
        heapq.heapify(running)
        while running:
            now = heapq.heappop(running)
    return now


@given(ROUNDS)
def test_it_takes_as_long_as_a_clock_says(rounds: list[list[CallSeconds]]) -> None:
    """Every call of a round starts when the round before has ended."""
    assert end_to_end(rounds).seconds == simulated(rounds)


@given(ROUNDS, ROUNDS)
def test_processes_one_after_the_other_add_up(first: list[list[CallSeconds]], second: list[list[CallSeconds]]) -> None:
    """Stages compose: `>>` is a sum."""
    assert end_to_end([*first, *second]) == end_to_end(first).then(end_to_end(second))


@given(st.lists(CALLS, min_size=1))
def test_parallel_samples_take_as_long_as_the_slowest(calls: list[CallSeconds]) -> None:
    """However many are drawn besides."""
    assert end_to_end([calls]).seconds == max(call.seconds for call in calls)


@given(st.lists(CALLS))
def test_a_cascade_takes_every_model_that_it_tried(calls: list[CallSeconds]) -> None:
    """Calls in rounds of their own add up, and their waits stay told apart."""
    total = end_to_end([[call] for call in calls])
    assert total.service == sum(call.service for call in calls)
    assert total.waited == sum(call.waited for call in calls)


def test_what_the_slowest_call_waited_is_told_apart() -> None:
    """A fast call that was held up by a rate limit is what a user waited for."""
    assert end_to_end([[CallSeconds(0.2, 3.0), CallSeconds(1.0)], [CallSeconds(0.5)]]) == CallSeconds(0.7, 3.0)


def test_no_calls_take_no_time() -> None:
    """A stage that needs none, or a round without any."""
    assert end_to_end([]).seconds == end_to_end([[]]).seconds == pytest.approx(0.0)
