"""How a server is shared is fitted to calls that were measured alone and in company."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.explorer.profiling.sharing import MeasuredCall, fit_sharing, fit_speeds

RUNNING = (1, 2, 4)


def calls_of(slowdown: tuple[float, ...], scatter: float = 0.0) -> list[MeasuredCall]:
    """Forty calls with each number under way: 20 ms, 1 ms for a token that is read, 10 ms for one that is written."""
    draw = np.random.default_rng(0)
    made: list[MeasuredCall] = []
    for call in range(40):
        tokens_in, tokens_out = int(draw.integers(20, 800)), int(draw.integers(2, 60))
        for running, slower in zip(RUNNING, slowdown, strict=True):
            off = slower * draw.lognormal(0, scatter)
            first = (0.02 + 0.001 * tokens_in) * off
            seconds = first + 0.01 * (tokens_out - 1) * off
            made.append(MeasuredCall(str(call), running, seconds, first, tokens_in, tokens_out))
    return made


slowdowns = st.tuples(st.just(1.0), st.floats(1, 3), st.floats(1, 8))


@given(slowdowns)
def test_slowdowns_are_found_again(slowdown: tuple[float, ...]) -> None:
    """Relative to the same call alone; as many share the server as were measured."""
    found = fit_sharing(calls_of(slowdown))
    assert found.running == RUNNING
    assert found.slots == 4
    assert found.slowdown == pytest.approx(slowdown)
    assert found.error == pytest.approx(0, abs=1e-9)


def test_how_much_of_a_call_is_reading_is_told_by_first_tokens() -> None:
    """Of calls alone, and 0 where replies came whole."""
    calls = calls_of((1.0, 1.5, 2.5))
    alone = [call for call in calls if call.running == 1]
    assert fit_sharing(calls).reading == pytest.approx(
        sum(0.02 + 0.001 * call.tokens_in for call in alone) / sum(call.seconds for call in alone)
    )
    assert fit_sharing([replace(call, first_token=None) for call in calls]).reading == 0


def test_the_error_is_how_much_calls_scatter() -> None:
    """In company they scatter as much as alone, and both count."""
    assert fit_sharing(calls_of((1.0, 1.5, 2.5), scatter=0.1)).error == pytest.approx(0.12, abs=0.03)


def test_a_call_that_wrote_something_else_does_not_count() -> None:
    """More tokens take longer, whoever else is there."""
    calls = calls_of((1.0, 1.5, 2.5))
    longer = [replace(call, tokens_out=90, seconds=9.0) for call in calls if call.running == 4][:15]
    assert fit_sharing([*calls, *longer]).slowdown == pytest.approx((1.0, 1.5, 2.5))


def test_without_calls_alone_nothing_is_told() -> None:
    """There is nothing to compare with."""
    with pytest.raises(ValueError, match="measured alone too"):
        fit_sharing([call for call in calls_of((1.0, 1.5, 2.5)) if call.running > 1])


def test_speeds_of_tokens_are_found_for_each_number_of_calls() -> None:
    """The time to the first token by what is read, and the time of each further one."""
    alone, *_, four = fit_speeds(calls_of((1.0, 1.5, 2.5)))
    assert (alone.running, four.running) == (1, 4)
    assert (alone.start, alone.read, alone.write) == pytest.approx((0.02, 0.001, 0.01), rel=1e-3)
    assert (four.start, four.read, four.write) == pytest.approx((0.05, 0.0025, 0.025), rel=1e-3)
