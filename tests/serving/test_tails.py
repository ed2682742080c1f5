"""A tail policy does live what the simulation says of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tradespace.errors import ComponentError, RequestRefusedError
from tradespace.search_space.deployment import PATIENT, TailPolicy
from tradespace.serving.tails import asked_under

Answering = Callable[[], Coroutine[Any, Any, str]]
NEVER = 3600.0


def answering(*comes: str | Exception | None) -> tuple[Answering, list[int]]:
    """Answers one after the other: what comes of the first asking, the second …; None is no answer at all."""
    asked: list[int] = []

    async def ask() -> str:
        asked.append(len(asked))
        come = comes[asked[-1]]
        if come is None:
            await asyncio.sleep(NEVER)
        if isinstance(come, Exception):
            raise come
        return str(come)

    return ask, asked


def outcome(policy: TailPolicy, ask: Answering, hedge: float | None = None, fallback: str = "") -> str:
    fall_back, _ = answering(fallback)
    return asyncio.run(asked_under(policy, hedge, ask, fall_back if fallback else None))


def test_the_patient_ask_once() -> None:
    """And take what comes, a failure too."""
    ask, asked = answering(ComponentError("broken"), "late")
    with pytest.raises(ComponentError, match="broken"):
        outcome(PATIENT, ask)
    assert asked == [0]


def test_failures_and_timeouts_are_asked_again() -> None:
    """As often as retries say."""
    ask, asked = answering(ComponentError("broken"), None, "third")
    assert outcome(TailPolicy(timeout=0.05, retries=2), ask) == "third"
    assert asked == [0, 1, 2]


def test_the_last_failure_is_told() -> None:
    """Where no retry is left and nobody falls in."""
    ask, _ = answering(ComponentError("first"), None)
    with pytest.raises(TimeoutError):
        outcome(TailPolicy(timeout=0.05, retries=1), ask)


def test_the_fallback_answers_what_failed() -> None:
    """After the retries."""
    ask, asked = answering(ComponentError("first"), ComponentError("second"))
    assert outcome(TailPolicy(retries=1, fallback="reader()"), ask, fallback="instead") == "instead"
    assert asked == [0, 1]


def test_a_hedge_is_asked_where_no_answer_came() -> None:
    """The first answer of the two counts."""
    ask, asked = answering(None, "second")
    assert outcome(TailPolicy(hedge_after=0.9), ask, hedge=0.01) == "second"
    assert asked == [0, 1]


def test_no_hedge_is_asked_after_an_answer() -> None:
    """It would be work for nothing."""
    ask, asked = answering("first")
    assert outcome(TailPolicy(hedge_after=0.9), ask, hedge=NEVER) == "first"
    assert asked == [0]


def test_a_hedge_makes_up_for_a_failure() -> None:
    """A try fails only when both failed: that a full queue refused the hedge is no answer."""
    late = asyncio.Event()

    async def first_late(asked: list[int]) -> str:
        asked.append(0)
        if len(asked) == 1:
            await late.wait()
            return "first"
        late.set()
        raise RequestRefusedError("full")

    asked: list[int] = []
    assert outcome(TailPolicy(hedge_after=0.9), lambda: first_late(asked), hedge=0.01) == "first"


def test_what_is_refused_at_once_stays_refused() -> None:
    """Whoever sheds load neither retries nor falls back."""
    ask, asked = answering(RequestRefusedError("full"), "second")
    with pytest.raises(RequestRefusedError):
        outcome(TailPolicy(retries=3, fallback="reader()"), ask, fallback="instead")
    assert asked == [0]
