"""Time used adds up over the runs that an exploration was continued in."""

from __future__ import annotations

from tradespace.explorer.clock import Clock


def test_a_clock_goes_on_from_what_was_used_before() -> None:
    """It never goes back."""
    clock = Clock(earlier=12.5)
    first = clock.seconds
    assert first >= 12.5
    assert clock.seconds >= first
