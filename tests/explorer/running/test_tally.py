"""A budget of calls is kept."""

from __future__ import annotations

import time

import pytest

from tradespace.explorer.running.tally import BudgetSpent, Tally


def test_calls_are_counted_up_to_the_limit() -> None:
    """The limit itself may be reached; a batch beyond it is not counted."""
    tally = Tally(limit=5)
    tally.spend(5)
    with pytest.raises(BudgetSpent, match="5 calls"):
        tally.spend(1)
    assert tally.made == 5


def test_calls_end_with_the_dollars() -> None:
    """What was billed is known after a batch: the next one is not begun."""
    tally = Tally(usd_limit=1.0)
    tally.spend(1)
    tally.usd += 1.2
    with pytest.raises(BudgetSpent, match="1 dollars"):
        tally.spend(1)
    tally.lift()
    tally.spend(1)
    assert tally.made == 2


def test_without_a_limit_there_is_no_end() -> None:
    """None is no limit."""
    tally = Tally()
    tally.spend(10**9)
    assert tally.made == 10**9


def test_no_call_is_made_after_the_deadline() -> None:
    """What was made before is paid for; lifted, calls go on."""
    tally = Tally(deadline=time.monotonic() - 1)
    with pytest.raises(BudgetSpent, match="time is up"):
        tally.spend(1)
    tally.lift()
    tally.spend(1)
    assert tally.made == 1
