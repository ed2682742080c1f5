"""Calls are answered from the ledger or made, within the budget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest

from tests.explorer.conftest import MADE, QUESTIONS, LastWord, Overlap, counted
from tradespace.components.base import Call, Operator, Reader
from tradespace.components.corpus import Corpus
from tradespace.explorer.running.caller import Caller
from tradespace.explorer.running.tally import BudgetSpent, Tally
from tradespace.explorer.storage.codec import call_key
from tradespace.types import Answer, Failure, Request, Timed


class Remote(Reader):
    """Answers "yes", says how long that took, and fails for the question that says so."""

    name: ClassVar[str] = "remote"

    def open(self, corpus: Corpus) -> Operator:
        def answer(request: Request) -> Timed | Failure:
            if request.question == "fail":
                return Failure("no connection")
            return Timed(Answer("yes", 1.0), seconds=0.25, waited=1.5, host="afar")

        def operate(requests: Sequence[Request]) -> list[Timed | Failure]:
            return [answer(request) for request in counted(self, requests)]

        return operate


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


def test_a_failure_in_a_batch_leaves_the_others_alone(caller: Caller) -> None:
    """What was paid for is not asked again to find out which call failed, and the failure is not stored."""
    corpus = caller.workbench.corpus(Overlap() >> LastWord())
    calls = [Call(Remote(), Request(question)) for question in ("fine", "fail")]
    assert caller.outcomes(calls, corpus) == [Answer("yes", 1.0), Failure("no connection")]
    assert MADE["remote"] == 2
    assert len(caller.ledger) == 1


def test_a_call_that_was_timed_as_it_was_made_leaves_a_timing(caller: Caller) -> None:
    """Apart from its outcome: seconds of the call under its own address and the host that answered."""
    corpus = caller.workbench.corpus(Overlap() >> LastWord())
    call = Call(Remote(), Request("fine"))
    caller.outcomes([call], corpus)
    (timing,) = caller.ledger.timings([call_key(call, corpus).hex()])
    assert (timing.host, timing.seconds) == ("afar", 0.25)
