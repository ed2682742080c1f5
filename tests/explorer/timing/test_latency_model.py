"""A latency model finds what calls of a component cost, and says how far it is off."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.components.passes import Passes
from tradespace.explorer.timing.call_sizes import CallSize, Size, TextSize, read_size, write_size
from tradespace.explorer.timing.latency_model import ENOUGH, busiest_core, fit

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


PASSES = st.lists(st.integers(3, 400), min_size=1, max_size=12).map(lambda tokens: tuple(sorted(tokens, reverse=True)))
NETWORK = st.tuples(st.floats(1e-4, 1e-2), st.floats(1e-4, 1e-2), st.floats(1e-5, 1e-3), st.floats(1e-8, 1e-6))


def naive_schedule(tokens: Sequence[int], cores: int, seconds: Callable[[int], float]) -> list[list[int]]:
    """Step by step: whenever a core is free, the first of equals, it takes the next pass."""
    waiting, busy_until, done = list(tokens), [0.0] * cores, [[] for _ in range(cores)]  # type: ignore[var-annotated]
    while waiting:
        core = min(range(cores), key=lambda core: (busy_until[core], core))
        busy_until[core] += seconds(waiting[0])
        done[core].append(waiting.pop(0))
    return done


@given(PASSES, st.integers(1, 8), NETWORK)
@settings(deadline=None)
def test_passes_are_given_to_cores_as_a_pool_of_threads_does(
    tokens: tuple[int, ...], cores: int, costs: tuple[float, float, float, float]
) -> None:
    """What is foretold is the core that finishes last."""
    start, each, token, pair = costs

    def seconds(length: int) -> float:
        return each + token * length + pair * length**2

    done = naive_schedule(tokens, cores, seconds)
    latest = max(sum(map(seconds, core)) for core in done)
    busiest = busiest_core(tokens, cores, (start, each, token, pair, 0.0))
    assert sum(map(seconds, busiest)) == pytest.approx(latest)


@given(NETWORK, st.floats(0, 0.3), st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_what_passes_take_is_found_again(costs: tuple[float, float, float, float], slowed: float, cores: int) -> None:
    """Batches of all sizes on several cores, which slow each other down: calls that it had not seen are foretold."""
    random = np.random.default_rng(0)
    sizes = [
        Passes(tuple(sorted(random.integers(10, 400, size=int(random.integers(1, 8))).tolist(), reverse=True)), cores)
        for _ in range(70)
    ]
    start, each, token, pair = costs
    company = slowed * token

    def taken(size: Passes) -> float:
        own = busiest_core(size.tokens, cores, (start, each, token, pair, company))
        alone = sum(each + token * length + pair * length**2 for length in own)
        return start + alone + company * (sum(size.tokens) - sum(own))

    model = fit(sizes[:60], [taken(size) for size in sizes[:60]])
    for size in sizes[60:]:
        assert model.seconds(size) == pytest.approx(taken(size), rel=0.03)


def test_what_says_nothing_of_its_work_follows_its_calls_and_characters() -> None:
    """As a reranker whose model is not known."""
    sizes = [TextSize(calls, 100 * calls + 7 * extra) for calls in range(1, 6) for extra in range(4)]
    model = fit(sizes, [0.01 + 0.002 * size.calls + 1e-5 * size.characters for size in sizes])
    assert model.seconds(TextSize(9, 1000)) == pytest.approx(0.01 + 0.018 + 0.01, rel=1e-3)


@pytest.mark.parametrize("size", [CallSize(812, 40, 3), Passes((120, 40), 2), TextSize(3, 1200)])
def test_a_size_is_read_back_as_it_was_written(size: Size) -> None:
    """It stands beside the timing in the ledger, so that a model needs nothing but the ledger."""
    assert read_size(write_size(size)) == size
    assert read_size('{"sheep": 7}') is None
