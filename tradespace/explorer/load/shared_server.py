"""Servers with continuous batching: calls that run at once slow each other, as events."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import partial
from heapq import heappop, heappush

from tradespace.explorer.load.agenda import Agenda
from tradespace.explorer.load.attempts import ServiceAttempt
from tradespace.explorer.load.profiles import SharingProfile
from tradespace.explorer.load.stations import SharedStation


class SharingProcessor:
    """One server, which reads prompts together and writes for all calls whose prompt is read (`SharingProfile`).

    Where nothing is known of reading, this is processor sharing whose slowdown depends on how many calls run (Kleinrock
    1976, section 4.4). All calls that write advance alike, so one clock of *work* tells when each ends: it advances by
    1 / step factor in each second, stands still while the server reads, and a call ends when the clock shows what it
    showed at the call's first token plus the seconds that the rest takes alone. Calls beyond the slots queue, first
    come, first served.

    Attributes:
        busy: seconds in which any call ran.
    """

    def __init__(self, agenda: Agenda, profile: SharingProfile, scatter: Iterator[float]) -> None:
        self.busy = 0.0
        self._agenda = agenda
        self._slots = profile.slots
        self._reading_share = profile.reading
        self._scatter = scatter
        self._factors = [1.0, *map(profile.step_factor, range(1, profile.slots + 1))]
        self._work = self._seen = 0.0
        self._reading: list[tuple[float, CallsOfAttempt]] = []
        self._writing: list[tuple[float, int, CallsOfAttempt]] = []
        self._queue: deque[tuple[float, CallsOfAttempt]] = deque()
        self._changes = 0

    @property
    def calls(self) -> int:
        """That run or queue."""
        return len(self._reading) + len(self._writing) + len(self._queue)

    def enter(self, seconds: float, attempt: CallsOfAttempt) -> None:
        """Take a call of an attempt."""
        self._queue.append((seconds, attempt))
        if len(self._queue) == 1 and not self._reading and len(self._writing) < self._slots:
            self._agenda.at(self._agenda.now, self._take_together, last=True)

    def withdraw(self, attempt: CallsOfAttempt) -> int:
        """Take the calls of an attempt out of the queue, and count them."""
        kept = [call for call in self._queue if call[1] is not attempt]
        withdrawn = len(self._queue) - len(kept)
        self._queue = deque(kept)
        return withdrawn

    def _advance(self) -> None:
        """Bring the clock of work up to now."""
        now = self._agenda.now
        if self._reading or self._writing:
            self.busy += now - self._seen
        if self._writing and not self._reading:
            self._work += (now - self._seen) / self._factors[len(self._writing)]
        self._seen = now

    def _take_together(self) -> None:
        """Begin with all that came in one second, unless that was done when another call ended in it."""
        if self._queue and not self._reading:
            self._advance()
            self._next_step()

    def _next_step(self) -> None:
        """End what has nothing more to write; read the prompts of what has a slot then, if there are any; else write
        on, and foresee the next end."""
        if self._writing and self._writing[0][0] <= self._work:
            self._foresee_end(0.0)
            return
        while self._queue and len(self._reading) + len(self._writing) < self._slots:
            seconds, attempt = self._queue.popleft()
            self._reading.append((seconds * next(self._scatter), attempt))
            attempt.call_started()
        if not self._reading_share:
            self._begin_to_write()
        if self._reading:
            running = len(self._reading) + len(self._writing)
            prompts = self._reading_share * sum(seconds for seconds, _ in self._reading)
            self._changes += 1
            self._agenda.at(self._agenda.now + prompts * self._factors[running], self._end_reading)
        elif self._writing:
            self._foresee_end((self._writing[0][0] - self._work) * self._factors[len(self._writing)])

    def _foresee_end(self, seconds: float) -> None:
        self._changes += 1
        self._agenda.at(self._agenda.now + max(0.0, seconds), partial(self._end_writing, self._changes))

    def _begin_to_write(self) -> None:
        """All prompts are read."""
        for seconds, attempt in self._reading:
            self._changes += 1
            heappush(self._writing, (self._work + seconds * (1 - self._reading_share), self._changes, attempt))
        self._reading.clear()

    def _end_reading(self) -> None:
        self._advance()
        self._begin_to_write()
        self._next_step()

    def _end_writing(self, foreseen: int) -> None:
        """End the call that is due, unless calls began or ended since that was foreseen."""
        if foreseen == self._changes:
            self._advance()
            self._work, _, attempt = heappop(self._writing)
            self._next_step()
            attempt.call_ended()


class CallsOfAttempt:
    """The rounds of calls that an attempt is: a round begins when the slowest call of the one before has ended."""

    __slots__ = ("_left", "_rounds", "_servers", "attempt")

    def __init__(self, attempt: ServiceAttempt, servers: SharedServers) -> None:
        self.attempt = attempt
        self._servers = servers
        self._rounds = deque(attempt.rounds)
        self._left = 0

    def begin_round(self) -> None:
        """Its calls enter the servers at once."""
        calls = self._rounds.popleft()
        self._left = len(calls)
        for seconds in calls:
            self._servers.least_loaded().enter(seconds, self)

    def call_started(self) -> None:
        """The first call begins the service of the attempt."""
        if self.attempt.started is None:
            self.attempt.started = self._servers.now

    def call_ended(self) -> None:
        """The last call of the last round ends it."""
        self._left -= 1
        if not self._left:
            if self._rounds:
                self.begin_round()
            else:
                self._servers.end(self)

    def give_up(self, withdrawn: int) -> bool:
        """No further round begins; True if none of its calls runs."""
        self._rounds.clear()
        self._left -= withdrawn
        return not self._left


class SharedServers:
    """Several servers; each call goes to the one with the fewest calls.

    Attributes:
        last_end: the second in which the last attempt so far ended.
    """

    def __init__(self, agenda: Agenda, station: SharedStation, scatter: Iterator[float]) -> None:
        self.last_end = 0.0
        self._agenda = agenda
        self._servers = [SharingProcessor(agenda, station.profile, scatter) for _ in range(station.servers)]
        self._attempts: dict[ServiceAttempt, CallsOfAttempt] = {}

    @property
    def now(self) -> float:
        """The second it is."""
        return self._agenda.now

    @property
    def busy(self) -> float:
        """Server-seconds in which any call ran."""
        return sum(server.busy for server in self._servers)

    def enter(self, attempt: ServiceAttempt) -> bool:
        """Take an attempt; none is refused."""
        calls = self._attempts[attempt] = CallsOfAttempt(attempt, self)
        calls.begin_round()
        return True

    def withdraw(self, attempt: ServiceAttempt) -> None:
        """Its calls that queue leave, those that run run on, and no further round begins."""
        calls = self._attempts[attempt]
        if calls.give_up(sum(server.withdraw(calls) for server in self._servers)):
            del self._attempts[attempt]

    def least_loaded(self) -> SharingProcessor:
        """The first of those with the fewest calls."""
        return min(self._servers, key=lambda server: server.calls)

    def end(self, calls: CallsOfAttempt) -> None:
        """The service of an attempt has ended."""
        self.last_end = self._agenda.now
        del self._attempts[calls.attempt]
        calls.attempt.ended(calls.attempt)
