"""An open loop: requests are sent at times fixed in advance, however slowly they are answered.

A generator that waits for answers before it asks on (a closed loop) is slowed down by a slow server, and so hides the
queue that real users would stand in. Here even a request that the generator itself sends late counts from when it was
to be sent: Schroeder, Wierman and Harchol-Balter 2006, "Open Versus Closed: A Cautionary Tale" (NSDI).
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import replace

from tradespace.serving.load_generator.apis import ANSWERS, AnswerApi
from tradespace.serving.load_generator.asking import TIMEOUT, Asking
from tradespace.serving.load_generator.client_connections import ConnectionPool
from tradespace.serving.load_generator.outcomes import NOT_CONNECTED, unanswered_status, with_reply
from tradespace.serving.load_generator.pacing import paced
from tradespace.serving.load_generator.record import UNFINISHED, LoadRecord, RequestRecord
from tradespace.serving.load_generator.schedule import checked_arrivals, checked_questions
from tradespace.serving.load_generator.target import load_target
from tradespace.types import Question

GONE_SECONDS = 5.0
"""After so many seconds without a reply, a connection that can't be made means that the server is gone."""
START_SECONDS = 0.05
"""Until the first request, for all to be ready."""


def generate_load(
    url: str,
    arrivals: Sequence[float],
    questions: Sequence[Question],
    *,
    api: AnswerApi = ANSWERS,
    timeout: float = TIMEOUT,
    warm_up: float = 0.0,
    key: str = "",
) -> LoadRecord:
    """Send a load to a server on this machine and wait for its last answer.

    Args:
        url: of the server: nothing but its address, up to `/v1`, or the whole path.
        arrivals: when requests are sent, in seconds from the start, ascending.
        questions: what they ask, in this order, over and over.
        api: the interface that it is asked by.
        timeout: seconds after its time when a request is given up.
        warm_up: seconds from the start whose requests do not count.
        key: of the server, if it wants one.

    Raises:
        InputError: arrivals are none, too many, too late, negative or in disorder; there is no question; or the URL is
            not one of this machine.
    """
    asking = Asking(load_target(url), api, timeout, key)
    return asyncio.run(LoadGenerator(asking, arrivals, questions, warm_up).run())


class LoadGenerator:
    """Sends one load, once; what is known of it so far can be asked for at any time.

    Args:
        arrivals, questions, warm_up: as in `generate_load`.

    Raises:
        InputError: as `generate_load`.
    """

    def __init__(
        self, asking: Asking, arrivals: Sequence[float], questions: Sequence[Question], warm_up: float = 0.0
    ) -> None:
        self._arrivals, self._questions = checked_arrivals(arrivals), checked_questions(questions)
        self._asking, self._warm_up = asking, warm_up
        self._pool = ConnectionPool(asking.target)
        self._records: dict[int, RequestRecord] = {}
        self._left = len(self._arrivals)

    @property
    def record(self) -> LoadRecord:
        """What is known so far. What was begun and has not ended is unfinished."""
        begun = tuple(self._records[place] for place in sorted(self._records))
        return LoadRecord(str(self._asking.target), begun, len(self._arrivals), self._warm_up)

    async def run(self) -> LoadRecord:
        """Send every request at its time and wait for the last answer; end early where the server is gone."""
        self._origin = time.perf_counter() + START_SECONDS
        self._heard = 0.0
        self._ended = asyncio.Event()
        tasks: set[asyncio.Task[None]] = set()

        def begin(place: int) -> None:
            tasks.add(task := asyncio.ensure_future(self._send(place)))
            task.add_done_callback(tasks.discard)

        try:
            with paced(self._arrivals, self._origin, begin):
                await self._ended.wait()
        finally:
            for task in tasks:
                task.cancel()
            self._pool.close()
        return self.record

    async def _send(self, place: int) -> None:
        question, scheduled = self._questions[place % len(self._questions)], self._arrivals[place]
        begun = RequestRecord(scheduled, self._now, math.nan, UNFINISHED, question.id)
        self._records[place] = begun
        try:
            async with asyncio.timeout(scheduled + self._asking.timeout - self._now):
                reply = await self._pool.ask(self._asking.request(question.text))
            self._heard = reply.finished - self._origin
            self._records[place] = with_reply(begun, reply, self._origin)
        except OSError as error:
            status = unanswered_status(error)
            self._records[place] = replace(begun, finished=self._now, status=status)
            if status.startswith(NOT_CONNECTED) and self._now - self._heard > GONE_SECONDS:
                self._ended.set()
        self._left -= 1
        if not self._left:
            self._ended.set()

    @property
    def _now(self) -> float:
        return time.perf_counter() - self._origin
