"""Requests to one model on somebody else's machine: in parallel, within rate limits, with retries.

Each tells its service time from the time that was waited before: for a rate limit, and for attempts that failed
with the pauses after them. Waiting for a place among one's own requests is neither: it is the exploration's own load.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Set
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from tradespace.components.remote.caller import RemoteCaller
from tradespace.components.remote.circuit import Circuit
from tradespace.components.remote.dialects import Dialect, shared_dialect
from tradespace.components.remote.limits import RequestLimits, shared
from tradespace.components.remote.refusals import ParameterRefusedError, UnavailableError
from tradespace.errors import ComponentError
from tradespace.types import Failure, Unavailable

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
"""Seconds: the pause after the first failed attempt, doubled after each further one, and the longest of all."""

Asked = TypeVar("Asked")
Replied = TypeVar("Replied")


class SlowError(UnavailableError):
    """There was no answer in time."""


@dataclass(frozen=True, slots=True)
class RemoteReply(Generic[Replied]):
    """A reply, and what it took.

    Attributes:
        seconds: from sending the request that succeeded to its last byte.
        waited: seconds before that.
        concurrency: the most requests that were under way meanwhile, this one included.
    """

    reply: Replied
    seconds: float
    waited: float
    concurrency: int


@dataclass(frozen=True)
class RemoteRequests(Generic[Asked, Replied]):
    """The requests of one model on their way.

    Attributes:
        caller: how patiently, and how fast, it is asked.
        send: sends a request without the parameters that are refused.
        size: about how many tokens a request may take, the way providers count.
        spent: how many its reply says that it took.
        probe: something short to ask, to see whether the server is there.
    """

    caller: RemoteCaller
    send: Callable[[Asked, Set[str]], Awaitable[Replied]]
    size: Callable[[Asked], int]
    spent: Callable[[Replied], int]
    probe: Asked
    limits: RequestLimits
    dialect: Dialect

    @classmethod
    def of(
        cls,
        caller: RemoteCaller,
        send: Callable[[Asked, Set[str]], Awaitable[Replied]],
        size: Callable[[Asked], int],
        spent: Callable[[Replied], int],
        probe: Asked,
    ) -> RemoteRequests[Asked, Replied]:
        """Those of a model that is opened for a run: within the limits of all that ask it, its circuit closed."""
        limits = shared(caller.address, caller.model)
        limits.tighten(caller.requests_per_minute, caller.tokens_per_minute, caller.concurrency)
        limits.circuit.close()
        dialect = shared_dialect(caller.address, caller.host, caller.model)
        return cls(caller, send, size, spent, probe, limits, dialect)

    async def answer(self, asked: Asked) -> RemoteReply[Replied] | Failure:
        """One request, repeated while that can help."""
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

        retrying = AsyncRetrying(
            stop=stop_after_attempt(self.caller.attempts),
            retry=retry_if_exception(lambda error: isinstance(error, UnavailableError) and not self.circuit.reason),
            wait=_pause,
            reraise=True,
        )
        async with self.limits.slot():
            began = time.monotonic()
            try:
                self._refuse_to_ask()
                answered: RemoteReply[Replied] = await retrying(self._attempt, asked, began)
            except ComponentError as error:
                if not isinstance(error, SlowError):  # each of its attempts was counted
                    await self.circuit.failed(self._probe)
                return self._failure(error)
            self.circuit.answered()
            return answered

    @property
    def circuit(self) -> Circuit:
        """Open where the model's server is down."""
        return self.limits.circuit

    def _refuse_to_ask(self) -> None:
        if self.circuit.reason:
            raise ComponentError(self.circuit.reason)

    def _failure(self, error: ComponentError) -> Failure:
        """What is wrong with one request or, once the circuit is open, with all."""
        if self.circuit.reason:
            return Unavailable(f"{self.caller!r} does not answer: {self.circuit.reason}")
        if isinstance(error, UnavailableError):
            return Failure(f"{self.caller!r} failed {self.caller.attempts} times; the last time: {error}")
        return Failure(f"{self.caller!r}: {error}")

    async def _probe(self) -> None:
        """Ask something short, once.

        Raises:
            ComponentError: there is no answer.
        """
        with suppress(ParameterRefusedError):  # which is an answer too
            await self._answered(self.probe, self.dialect.refused)

    async def _answered(self, asked: Asked, refused: Set[str]) -> Replied:
        """The reply to a request. The time limit is on the whole of it, however it trickles in."""
        try:
            async with asyncio.timeout(self.caller.timeout):
                return await self.send(asked, refused)
        except TimeoutError:
            raise SlowError(f"no answer within {self.caller.timeout:g} seconds") from None

    async def _attempt(self, asked: Asked, began: float) -> RemoteReply[Replied]:
        """One attempt of a request that was first made at `began`, made again without each parameter that is refused.

        What the server does not take is kept only if it answers without: it may have meant something else.
        """
        refusals: dict[str, str] = {}
        while True:
            try:
                answered = await self._sent(asked, began, {*self.dialect.refused, *refusals})
            except ParameterRefusedError as error:
                refusals[error.name] = str(error)
            else:
                self.dialect.learn(refusals)
                return answered

    async def _sent(self, asked: Asked, began: float, refused: Set[str]) -> RemoteReply[Replied]:
        """Send a request without what is refused, and take its time."""
        tokens = self.size(asked)
        await self.limits.admit(tokens)
        sent, company = time.monotonic(), self.limits.running
        try:
            reply = await self._answered(asked, refused)
        except SlowError:
            await self.circuit.failed(self._probe)  # all attempts would take far longer than a server is missed
            raise
        except UnavailableError as error:
            self.limits.hold(min(error.pause or 0.0, LONGEST_PAUSE))
            raise
        seconds = time.monotonic() - sent
        self.limits.tokens.give_back(tokens - self.spent(reply))
        return RemoteReply(reply, seconds, sent - began, max(company, self.limits.running))


def _pause(state: Any) -> float:
    """Seconds until the next attempt: as long as the server asked for, else twice as long each time, with jitter.

    Raises:
        ComponentError: the server asks for more than `LONGEST_PAUSE`.
    """
    from tenacity import wait_random_exponential

    error = state.outcome.exception()
    if error.pause is None:
        return FIRST_PAUSE / 2 + wait_random_exponential(FIRST_PAUSE, LONGEST_PAUSE)(state)
    if error.pause > LONGEST_PAUSE:
        raise ComponentError(f"{error}; it asks to wait for {error.pause:g} seconds: run again later") from None
    return float(error.pause)
