"""Rate limits that all pipelines of a run share: requests and tokens per minute, and requests at the same time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tradespace.components.remote.circuit import Circuit


@dataclass
class Pace:
    """Evenly spaced starts: no more than `per_minute` units begin in any minute, beside the first request's.

    Attributes:
        per_minute: None is no limit.
        due: the time, in the clock's seconds, from which the next request may start.
    """

    per_minute: float | None = None
    due: float = 0.0

    def reserve(self, units: float, now: float) -> float:
        """The time at which a request of so many units may start; the next one may start as much later.

        >>> pace = Pace(per_minute=60)
        >>> [pace.reserve(2, now=0.0) for _ in range(3)]
        [0.0, 2.0, 4.0]
        """
        start = max(now, self.due)
        self.due = start + self._seconds(units)
        return start

    def give_back(self, units: float) -> None:
        """Free what was reserved too much; a negative number takes what was reserved too little."""
        self.due -= self._seconds(units)

    def _seconds(self, units: float) -> float:
        return units * 60 / self.per_minute if self.per_minute else 0.0


@dataclass
class RequestLimits:
    """The limits of one model at one address. Used on one event loop alone, so that nothing needs a lock.

    Attributes:
        running: requests that are under way.
    """

    requests: Pace = field(default_factory=Pace)
    tokens: Pace = field(default_factory=Pace)
    concurrency: int | None = None
    circuit: Circuit = field(default_factory=Circuit)
    running: int = 0
    _freed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def tighten(self, requests: float | None, tokens: float | None, concurrency: int) -> None:
        """Keep to these limits too: where two components name different ones, the stricter holds."""
        self.requests.per_minute = _stricter(self.requests.per_minute, requests)
        self.tokens.per_minute = _stricter(self.tokens.per_minute, tokens)
        self.concurrency = min(self.concurrency or concurrency, concurrency)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Be one of the requests that run at the same time."""
        async with self._freed:
            await self._freed.wait_for(lambda: self.concurrency is None or self.running < self.concurrency)
            self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            async with self._freed:
                self._freed.notify()

    async def admit(self, tokens: float) -> None:
        """Wait until a request of about so many tokens, in and out, may start."""
        now = time.monotonic()
        start = max(self.requests.reserve(1, now), self.tokens.reserve(tokens, now))
        await asyncio.sleep(start - now)

    def hold(self, seconds: float) -> None:
        """Let no request start for so long: the server asked for a pause."""
        self.requests.due = max(self.requests.due, time.monotonic() + seconds)


_SHARED: dict[tuple[str, str], RequestLimits] = {}


def shared(address: str, model: str) -> RequestLimits:
    """The limits of a model at an address: the same object for all that ask."""
    return _SHARED.setdefault((address, model), RequestLimits())


def _stricter(first: float | None, other: float | None) -> float | None:
    limits = [limit for limit in (first, other) if limit is not None]
    return min(limits, default=None)
