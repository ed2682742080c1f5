"""Rate limits hold over any minute, and over all that share them."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.remote.limits import Pace, RequestLimits, shared


@given(
    arrivals=st.lists(st.floats(0, 200), max_size=200).map(sorted),
    per_minute=st.integers(1, 120),
)
def test_no_minute_has_more_starts_than_allowed(arrivals: list[float], per_minute: int) -> None:
    """However requests arrive; the one at which the minute begins comes on top."""
    pace = Pace(per_minute)
    starts = [pace.reserve(1, now) for now in arrivals]
    for first in starts:
        assert sum(first <= start < first + 60 - 1e-6 for start in starts) <= per_minute + 1


@given(arrivals=st.lists(st.floats(0, 200)).map(sorted))
def test_without_a_limit_nothing_waits(arrivals: list[float]) -> None:
    """Requests start as they come."""
    pace = Pace()
    assert [pace.reserve(1, now) for now in arrivals] == arrivals


def test_what_was_not_used_is_given_back() -> None:
    """Tokens are reserved by an estimate and settled by the real count."""
    pace = Pace(per_minute=60)
    pace.reserve(50, now=0.0)
    pace.give_back(40)
    assert pace.reserve(1, now=0.0) == 10.0


def test_the_stricter_limit_holds() -> None:
    """Two components that name the same model at the same address share its limits."""
    assert shared("somewhere", "a") is shared("somewhere", "a")
    assert shared("somewhere", "a") is not shared("somewhere", "b")
    limits = RequestLimits()
    limits.tighten(60, None, 8)
    limits.tighten(None, 1000, 4)
    limits.tighten(90, 2000, 6)
    assert (limits.requests.per_minute, limits.tokens.per_minute, limits.concurrency) == (60, 1000, 4)


def test_a_pause_that_a_server_asks_for_holds_for_all() -> None:
    """No other request starts before it is over."""
    limits = RequestLimits()
    limits.hold(30.0)
    assert limits.requests.reserve(1, now=0.0) >= 30.0


def test_a_place_is_given_up_when_a_request_fails() -> None:
    """Otherwise a run with failures would stop for good."""

    async def fail_twice() -> int:
        limits = RequestLimits(concurrency=1)
        failed = 0
        for _ in range(2):
            try:
                async with limits.slot():
                    raise ValueError
            except ValueError:
                failed += 1
        return failed

    assert asyncio.run(fail_twice()) == 2
