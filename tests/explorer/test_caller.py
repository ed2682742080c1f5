"""Calls are answered from the ledger or made, within the budget."""

from __future__ import annotations

import pytest

from tests.explorer.conftest import MADE, QUESTIONS, LastWord, Overlap
from tradespace.components.base import Call
from tradespace.explorer.caller import Caller
from tradespace.explorer.tally import BudgetSpent, Tally
from tradespace.types import Request


def test_equal_calls_are_made_once(caller: Caller) -> None:
    """However often a call is asked for, it is made once."""
    corpus = caller.workbench.corpus(Overlap() >> LastWord())
    calls = [Call(Overlap(), Request(QUESTIONS[0]))] * 5
    caller.outcomes(calls, corpus)
    assert MADE["overlap"] == 1


def test_a_batch_that_exceeds_the_budget_is_not_made_and_what_was_made_is_kept(caller: Caller) -> None:
    """A budget of calls is never exceeded, and nothing that was paid for is lost."""
    caller.tally = Tally(limit=len(QUESTIONS))
    corpus = caller.workbench.corpus(Overlap() >> LastWord())
    caller.outcomes([Call(Overlap(), Request(question)) for question in QUESTIONS], corpus)
    with pytest.raises(BudgetSpent, match="4 calls"):
        caller.outcomes([Call(Overlap(), Request("one more"))], corpus)
    assert caller.tally.made == MADE["overlap"] == len(caller.ledger) == len(QUESTIONS)
