"""How many replicas of a station there are over time: they start up, and leave."""

from __future__ import annotations

from functools import partial

from tradespace.explorer.load.agenda import Agenda
from tradespace.explorer.load.replica_server import ReplicaServer


class ProvisionedStation:
    """The replicas of a station: those that are there or start up.

    Attributes:
        server: takes the attempts.
        replicas: that are there and stay, or start up.
    """

    def __init__(self, agenda: Agenda, server: ReplicaServer) -> None:
        self.server = server
        self.replicas = 0
        self._agenda = agenda
        self._cancelled = 0
        self._seconds = self._since = 0.0

    def seconds(self, until: float) -> float:
        """Replica-seconds that were there or started up."""
        return self._seconds + self.replicas * max(0.0, until - self._since)

    def resize(self, replicas: int, start_up: float = 0.0) -> None:
        """Start or remove as many as it takes. What starts up is removed first; the new take `start_up` seconds."""
        self._seconds, self._since = self.seconds(self._agenda.now), self._agenda.now
        more, self.replicas = replicas - self.replicas, replicas
        if more > 0 and start_up > 0:
            self._agenda.at(self._agenda.now + start_up, partial(self._started, more))
        elif more > 0:
            self.server.add(more)
        elif more < 0:
            self._shrink(-more)

    def _shrink(self, fewer: int) -> None:
        there = min(fewer, max(0, self.server.replicas - self.replicas))
        self._cancelled += fewer - there
        self.server.remove(there)

    def _started(self, replicas: int) -> None:
        cancelled = min(replicas, self._cancelled)
        self._cancelled -= cancelled
        self.server.add(replicas - cancelled)
