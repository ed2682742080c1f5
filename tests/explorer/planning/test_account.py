"""What a search takes is counted from its beginning to its end."""

from __future__ import annotations

import pytest

from tradespace.explorer.planning.account import Account
from tradespace.explorer.results import Outlay
from tradespace.explorer.running.tally import Tally


def test_what_earlier_runs_made_is_not_counted() -> None:
    """A continued study begins with the calls of the runs before."""
    tally = Tally(made=100)
    account = Account(tally, usd_per_hour=None)
    tally.spend(5)
    tally.seconds += 2.0
    account.pipelines += 3
    assert account.spent == Outlay(pipelines=3, calls=5, seconds=2.0, usd=None)


def test_what_comes_after_the_search_is_not_counted() -> None:
    """Confirming the finalists is no part of the search."""
    tally = Tally()
    account = Account(tally, usd_per_hour=None)
    tally.spend(5)
    account.close()
    tally.spend(7)
    assert account.spent.calls == 5


def test_calls_with_prices_of_their_own_are_paid_for_too() -> None:
    """On top of the machine."""
    tally = Tally(usd=5.0)
    account = Account(tally, usd_per_hour=0.0)
    tally.usd += 0.25
    assert account.spent.usd == pytest.approx(0.25)


def test_an_hour_of_calls_costs_what_the_machine_costs() -> None:
    """Dollars are those of the seconds in calls."""
    tally = Tally()
    account = Account(tally, usd_per_hour=1.8)
    tally.seconds += 1800
    assert account.spent.usd == pytest.approx(0.9)
