"""What is done about a slow or failing answer while a user waits for it (`TailPolicy`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

from tradespace.errors import ComponentError, RequestRefusedError
from tradespace.search_space.deployment import TailPolicy

T = TypeVar("T")
AskOnce = Callable[[], Coroutine[Any, Any, T]]
"""Asks once, whenever it is called."""


async def asked_under(
    policy: TailPolicy, hedge_seconds: float | None, ask: AskOnce[T], fall_back: AskOnce[T] | None
) -> T:
    """Ask as a policy says: hedged, given up after its timeout, again after a failure, and then somebody else.

    Args:
        policy: of the group of stages that is asked.
        hedge_seconds: what its quantile `hedge_after` comes to; None where no answer is hedged.
        ask: asks the group.
        fall_back: asks who answers where all of this failed; None where nobody does.

    Raises:
        RequestRefusedError: the queue was full when it was asked first; who sheds load neither retries nor falls back.
        TimeoutError: the last attempt was given up.
        ComponentError: the last attempt failed, or the fallback did.
    """
    failure: Exception = TimeoutError()
    for attempt in range(policy.retries + 1):
        try:
            async with asyncio.timeout(policy.timeout):
                return await (ask() if hedge_seconds is None else _hedged(ask, hedge_seconds))
        except (TimeoutError, ComponentError, RequestRefusedError) as error:
            if attempt == 0 and isinstance(error, RequestRefusedError):
                raise
            failure = error
    if fall_back is None:
        raise failure
    return await fall_back()


async def _hedged(ask: AskOnce[T], after: float) -> T:
    """Ask; if there is no answer by then, ask a second time and take the first answer of the two."""
    asked = [asyncio.create_task(ask())]
    try:
        done, _ = await asyncio.wait(asked, timeout=after)
        if not done:
            asked.append(asyncio.create_task(ask()))
        return await _first_answer(asked)
    finally:
        for each in asked:
            each.cancel()


async def _first_answer(asked: Iterable[asyncio.Future[T]]) -> T:
    """What the first of them that does not fail comes to; if all fail, the failure of the last."""
    waiting = set(asked)
    while True:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        answered = [each for each in done if not each.exception()]
        if answered or not waiting:
            return (answered or list(done))[0].result()
