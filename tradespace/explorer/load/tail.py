"""One visit of a request to a station: what is done about slow and failing answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from tradespace.explorer.load.agenda import Agenda
from tradespace.explorer.load.attempts import ServiceAttempt, StationDemand, StationServer
from tradespace.search_space.deployment import TailPolicy


@dataclass(frozen=True, slots=True)
class VisitedStation:
    """A station as the requests of one pipeline visit it: its server, what the questions ask of it, and the policy."""

    server: StationServer
    demand: StationDemand
    policy: TailPolicy


class Visit:
    """Attempts until an answer comes, as the policy says.

    A *try* is one attempt, joined by a second, the hedge, where no answer came for the hedge's seconds; the first of
    their answers counts. A try fails when all its attempts failed, or at the timeout, which is of each try. Then it is
    tried again while retries are left; after that the fallback answers, which takes its seconds and no replica. What is
    given up leaves the queue, or runs on to its end. Whoever finds the queue full at the first attempt is refused at
    once, without a retry or fallback, as a server sheds load (Nygard 2018, *Release It!*). Hedges: Dean & Barroso 2013,
    *The tail at scale*.

    Attributes:
        served: seconds of service of what answered.
        fell_back: whether that was the fallback.
    """

    __slots__ = (
        "_agenda",
        "_asked",
        "_done",
        "_open",
        "_question",
        "_station",
        "_tries",
        "entered",
        "fell_back",
        "served",
    )

    def __init__(
        self, agenda: Agenda, station: VisitedStation, question: int, done: Callable[[Visit, bool], None]
    ) -> None:
        self.served = 0.0
        self.fell_back = False
        self.entered = agenda.now
        self._agenda = agenda
        self._station = station
        self._question = question
        self._done = done
        self._open: list[ServiceAttempt] = []
        self._asked = self._tries = 0

    def begin(self) -> None:
        """The first try."""
        self._try(self._fail)

    def _try(self, refused: Callable[[], None]) -> None:
        self._tries += 1
        if not self._attempt():
            return refused()
        policy, now = self._station.policy, self._agenda.now
        if policy.hedge_after is not None and self._station.demand.hedge_seconds < np.inf:
            self._agenda.at(now + self._station.demand.hedge_seconds, partial(self._hedge, self._tries))
        if policy.timeout is not None:
            self._agenda.at(now + policy.timeout, partial(self._time_out, self._tries), last=True)
        return None

    def _attempt(self) -> bool:
        attempt = self._station.demand.attempt(self._question, self._asked, self._ended)
        self._asked += 1
        self._open.append(attempt)
        taken = self._station.server.enter(attempt)
        if not taken:
            self._open.remove(attempt)
        return taken

    def _hedge(self, tried: int) -> None:
        if self._open and tried == self._tries:
            self._attempt()

    def _time_out(self, tried: int) -> None:
        if self._open and tried == self._tries:
            self._withdraw()
            self._try_again()

    def _withdraw(self) -> None:
        withdrawn, self._open = self._open, []
        for attempt in withdrawn:
            self._station.server.withdraw(attempt)

    def _ended(self, attempt: ServiceAttempt) -> None:
        if attempt not in self._open:
            return
        self._open.remove(attempt)
        if not attempt.fails:
            self._withdraw()
            self.served = self._agenda.now - (attempt.started or 0.0)
            self._done(self, True)
        elif not self._open:
            self._try_again()

    def _try_again(self) -> None:
        if self._tries <= self._station.policy.retries:
            self._try(self._try_again)
        else:
            self._fall_back()

    def _fall_back(self) -> None:
        self.served = self._station.demand.fallback_seconds(self._question)
        if self.served == np.inf:
            return self._fail()
        self.fell_back = True
        return self._agenda.at(self._agenda.now + self.served, partial(self._done, self, True))

    def _fail(self) -> None:
        self.served = 0.0
        self._done(self, False)
