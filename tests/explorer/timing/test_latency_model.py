"""A latency model finds what prefill and decoding cost, and says how far it is off."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.explorer.timing.call_sizes import CallSize
from tradespace.explorer.timing.latency_model import ENOUGH, fit

COSTS = st.tuples(st.floats(0.001, 1), st.floats(1e-5, 1e-2), st.floats(1e-4, 0.1), st.floats(1e-5, 1e-2))


def loads(count: int, seed: int = 0) -> list[CallSize]:
    """Calls of all sizes, alone and in batches."""
    random = np.random.default_rng(seed)
    return [
        CallSize(int(random.integers(20, 2000)), int(random.integers(1, 400)), int(random.integers(1, 33)))
        for _ in range(count)
    ]


def naive(load: CallSize, start: float, read: float, write: float, share: float) -> float:
    """Token by token."""
    to_the_first = start + sum(read for _ in range(load.tokens_in))
    return to_the_first + sum(write + share * (load.batch - 1) for _ in range(load.tokens_out))


@given(COSTS)
@settings(max_examples=30, deadline=None)
def test_costs_are_found_again(costs: tuple[float, float, float, float]) -> None:
    """Calls that took exactly what the model says are predicted exactly, seen or not."""
    model = fit(loads(60), [naive(load, *costs) for load in loads(60)])
    for load in loads(10, seed=1):
        assert model.seconds(load) == pytest.approx(naive(load, *costs), rel=1e-4)
    assert model.p95_error < 1e-4


def test_errors_are_those_of_calls_that_were_not_seen() -> None:
    """Scatter that no model can know shows in them."""
    random = np.random.default_rng(3)
    seconds = [naive(load, 0.1, 1e-4, 0.01, 1e-4) * math.exp(random.normal(0, 0.1)) for load in loads(400)]
    model = fit(loads(400), seconds)
    assert model.median_error == pytest.approx(0.067, abs=0.02)
    assert model.p95_error > 0.15
    assert model.costs[2] == pytest.approx(0.01, rel=0.1)


@given(st.lists(st.floats(1e-6, 100), min_size=ENOUGH, max_size=30))
@settings(deadline=None)
def test_predictions_are_never_negative_and_grow_with_the_load(seconds: list[float]) -> None:
    """Whatever was measured."""
    model = fit(loads(len(seconds)), seconds)
    small, large = model.seconds(CallSize(10, 5)), model.seconds(CallSize(20, 9, 4))
    assert 0 <= small <= large


def test_too_few_calls_are_refused() -> None:
    """Four parameters of three calls would be made up."""
    with pytest.raises(ValueError, match="at least 8 timed calls"):
        fit(loads(3), [1.0, 2.0, 3.0])
