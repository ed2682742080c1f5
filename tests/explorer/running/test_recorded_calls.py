"""Calls are answered from the ledger or made, within the budget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from tests.explorer.conftest import MADE, QUESTIONS, LastWord, Overlap, counted
from tradespace.components.base import Call, Operator, Reader
from tradespace.components.calls.replies import heard
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.errors import ModelUnavailableError
from tradespace.explorer.running.bill import PaidCall
from tradespace.explorer.running.budget import Budget, BudgetSpent
from tradespace.explorer.running.executors import BatchesMade, CallBatch, Executor, InProcess, MadeBatch
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.storage.codec import call_key
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.entries import Entry, Timing
from tradespace.search_space.sections import BudgetLimits
from tradespace.types import Answer, Completion, Failure, Message, NoAnswer, Prompt, Request, Timed, Unavailable


class Remote(Reader):
    """Answers "yes", says how long that took, and fails for the questions that say so."""

    name: ClassVar[str] = "remote"

    def open(self, corpus: Corpus) -> Operator:
        def answer(request: Request) -> Timed | Failure:
            if request.question == "fail":
                return Failure("no connection")
            if request.question == "down":
                return Unavailable("no server")
            return Timed(Answer("yes", 1.0), seconds=0.25, waited=1.5, host="afar")

        def operate(requests: Sequence[Request]) -> list[Timed | Failure]:
            return [answer(request) for request in counted(self, requests)]

        return operate


def test_equal_calls_are_made_once(recorded_calls: RecordedCalls) -> None:
    """However often a call is asked for, it is made once."""
    corpus = recorded_calls.opened_components.corpus(Overlap() >> LastWord())
    calls = [Call(Overlap(), Request(QUESTIONS[0]))] * 5
    recorded_calls.outcomes(calls, corpus)
    assert MADE["overlap"] == 1


def test_a_batch_that_exceeds_the_budget_is_not_made_and_what_was_made_is_kept(recorded_calls: RecordedCalls) -> None:
    """A budget of calls is never exceeded, and nothing that was paid for is lost."""
    recorded_calls = replace(recorded_calls, budget=Budget(BudgetLimits(calls=len(QUESTIONS))))
    corpus = recorded_calls.opened_components.corpus(Overlap() >> LastWord())
    recorded_calls.outcomes([Call(Overlap(), Request(question)) for question in QUESTIONS], corpus)
    with pytest.raises(BudgetSpent, match="4 calls"):
        recorded_calls.outcomes([Call(Overlap(), Request("one more"))], corpus)
    assert recorded_calls.budget.made == MADE["overlap"] == len(recorded_calls.ledger) == len(QUESTIONS)


def test_a_failure_in_a_batch_leaves_the_others_alone(recorded_calls: RecordedCalls) -> None:
    """What was paid for is not asked again to find out which call failed, and the failure is not stored."""
    corpus = recorded_calls.opened_components.corpus(Overlap() >> LastWord())
    calls = [Call(Remote(), Request(question)) for question in ("fine", "fail")]
    assert recorded_calls.outcomes(calls, corpus) == [Answer("yes", 1.0), Failure("no connection")]
    assert MADE["remote"] == 2
    assert len(recorded_calls.ledger) == 1


def test_a_call_that_was_timed_as_it_was_made_leaves_a_timing(recorded_calls: RecordedCalls) -> None:
    """Apart from its outcome: seconds of the call under its own address and the host that answered."""
    corpus = recorded_calls.opened_components.corpus(Overlap() >> LastWord())
    call = Call(Remote(), Request("fine"))
    recorded_calls.outcomes([call], corpus)
    (timing,) = recorded_calls.ledger.timings([call_key(call, corpus).hex()])
    assert (timing.host, timing.seconds) == ("afar", 0.25)


class Silent(LanguageModel):
    """Has no answer to prompts that say so."""

    name: ClassVar[str] = "silent"

    def open(self, corpus: Corpus) -> Operator:
        def reply(prompt: Prompt) -> Completion | NoAnswer:
            return heard(prompt, Completion("" if "nothing" in prompt.messages[0].content else "yes", 3, 40))

        return lambda prompts: [reply(prompt) for prompt in counted(self, prompts)]


def prompted(text: str) -> Call:
    """A call of the silent model."""
    return Call(Silent(), Prompt((Message("user", text),)))


def test_a_reply_that_is_no_answer_is_not_stored_but_paid(recorded_calls: RecordedCalls) -> None:
    """It is asked for again in the next run; a budget in dollars counts it in this one."""
    corpus = recorded_calls.opened_components.corpus(Overlap() >> LastWord())

    def bill(calls: Sequence[PaidCall]) -> float:
        return sum(float(paid.outcome.tokens_out) for paid in calls if isinstance(paid.outcome, Completion))

    recorded_calls = replace(recorded_calls, bill=bill)
    said, nothing = recorded_calls.outcomes([prompted("say yes"), prompted("say nothing")], corpus)
    assert said == Completion("yes", 3, 40)
    assert isinstance(nothing, NoAnswer)
    assert len(recorded_calls.ledger) == 1
    assert recorded_calls.budget.usd == 80


def test_a_reply_that_an_earlier_version_took_for_an_answer_is_asked_for_again(recorded_calls: RecordedCalls) -> None:
    """Once; the new one takes its place, and its time goes with it."""
    corpus = recorded_calls.opened_components.corpus(Overlap() >> LastWord())
    call = prompted("say yes")
    key = call_key(call, corpus)
    recorded_calls.ledger.write({key: b'j{"completion": ["", 3, 40, "stop", null, null]}'})
    recorded_calls.ledger.record([Timing("afar", key.hex(), "", 9.0, {})])
    assert (
        recorded_calls.outcomes([call], corpus) == recorded_calls.outcomes([call], corpus) == [Completion("yes", 3, 40)]
    )
    assert MADE["silent"] == 1
    assert recorded_calls.ledger.timings([key.hex()]) == []


class Pairs(Remote):
    """Likes to be handed two calls at once."""

    name: ClassVar[str] = "pairs"

    @property
    def batch_size(self) -> int:
        return 2


@dataclass(frozen=True)
class Backwards:
    """Makes batches in reverse order; and the last of those that it makes never comes back, where it is `broken`."""

    here: InProcess
    broken: bool = False

    def make(self, batches: Iterable[CallBatch]) -> BatchesMade:
        *others, last = [MadeBatch(batch, self.here.outcomes(batch)) for batch in batches][::-1]
        yield from others
        if self.broken:
            raise ConnectionError("gone")
        yield last


def stored(recorded_calls: RecordedCalls, executor: Executor | None = None) -> list[list[Entry]]:
    """What a fresh ledger holds of five calls, made two by two, in its order; and what it holds where that failed."""
    ledger = open_ledger("memory://")
    calls = RecordedCalls(recorded_calls.opened_components, ledger, executor=executor)
    corpus = recorded_calls.opened_components.corpus(Overlap() >> LastWord())
    with suppress(ConnectionError):
        calls.outcomes([Call(Pairs(), Request(f"question {number}")) for number in range(5)], corpus)
    return list(ledger.entries())


def test_the_ledger_is_the_same_in_whichever_order_batches_are_made(recorded_calls: RecordedCalls) -> None:
    """It is written in the order that the calls were asked for."""
    backwards = Backwards(InProcess(recorded_calls.opened_components))
    assert stored(recorded_calls, backwards) == stored(recorded_calls)


def test_what_was_made_before_its_turn_is_stored_where_the_rest_is_lost(recorded_calls: RecordedCalls) -> None:
    """It was paid for."""
    broken = Backwards(InProcess(recorded_calls.opened_components), broken=True)
    (whole,), (kept,) = stored(recorded_calls), stored(recorded_calls, broken)
    assert len(whole) == 5
    assert kept == whole[2:]


def test_no_batch_is_begun_for_a_server_that_is_down(recorded_calls: RecordedCalls) -> None:
    """Those under way are made to their end, and what they brought is stored."""
    corpus = recorded_calls.opened_components.corpus(Overlap() >> LastWord())
    calls = [Call(Pairs(), Request(text)) for text in ("fine", "down", "never", "asked")]
    with pytest.raises(ModelUnavailableError, match="no server"):
        recorded_calls.outcomes(calls, corpus)
    assert MADE["pairs"] == 2
    assert len(recorded_calls.ledger) == 1
