"""A service that takes all it is asked at once, as events."""

from __future__ import annotations

from functools import partial

from tradespace.explorer.load.agenda import Agenda
from tradespace.explorer.load.attempts import ServiceAttempt


class ProviderServer:
    """Every attempt takes its seconds, however many there are.

    Attributes:
        busy: seconds of all attempts that began, up to their ends.
        last_end: the second in which the last attempt so far ended.
    """

    def __init__(self, agenda: Agenda) -> None:
        self.busy = self.last_end = 0.0
        self._agenda = agenda

    def enter(self, attempt: ServiceAttempt) -> bool:
        """Take an attempt; none is refused."""
        attempt.started = self._agenda.now
        self.busy += attempt.seconds
        self._agenda.at(self._agenda.now + attempt.seconds, partial(self._end, attempt))
        return True

    def withdraw(self, attempt: ServiceAttempt) -> None:
        """What was asked is answered, and paid for."""

    def _end(self, attempt: ServiceAttempt) -> None:
        self.last_end = self._agenda.now
        attempt.ended(attempt)
