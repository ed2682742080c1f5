"""A circuit breaker (Nygard 2007, "Release It!"): a server that is down is not asked until the budget is gone.

A run of failed requests may be the fault of the requests, such as prompts that are too long, or of the server. One
short request decides: answered, the requests were at fault, and a longer run is waited for; else the circuit is open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tradespace.errors import ComponentError

RUN = 3
"""Failed requests in a row, none answered in between, after which a server is asked whether it is there at all."""


@dataclass
class Circuit:
    """Of one model at one address. Used on one event loop alone.

    Attributes:
        reason: why nothing more is asked; empty while the circuit is closed.
    """

    reason: str = ""
    _failed: int = 0
    _tolerated: int = RUN
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def close(self) -> None:
        """Start afresh, as another run does."""
        self.reason = ""
        self.answered()

    def answered(self) -> None:
        """Take note of a request that was answered. It may have been sent before the server went down."""
        self._failed, self._tolerated = 0, RUN

    async def failed(self, probe: Callable[[], Awaitable[object]]) -> None:
        """Take note of a failed request; after a run of them, `probe`, which raises where the server does not answer.

        Every probe that is answered doubles the run before the next one, so that they cost little.
        """
        self._failed += 1
        async with self._lock:
            if self.reason or self._failed < self._tolerated:
                return
            try:
                await probe()
                self._failed, self._tolerated = 0, 2 * self._tolerated
            except ComponentError as error:
                self.reason = str(error)
