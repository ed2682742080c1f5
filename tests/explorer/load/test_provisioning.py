"""Replicas that come and leave while requests are served."""

from __future__ import annotations

from itertools import repeat

from tradespace.explorer.load.agenda import Agenda
from tradespace.explorer.load.attempts import ServiceAttempt
from tradespace.explorer.load.provisioning import ProvisionedStation
from tradespace.explorer.load.replica_server import ReplicaServer, WorkingReplicas
from tradespace.explorer.load.stations import ReplicaStation

STATION = ReplicaStation("read")


class Served:
    """A station whose requests take `seconds` each; `ends` has the seconds in which they were answered."""

    def __init__(self, replicas: int, seconds: float) -> None:
        self.agenda = Agenda()
        self.server = ReplicaServer(self.agenda, STATION, WorkingReplicas(), repeat(1.0))
        self.station = ProvisionedStation(self.agenda, self.server)
        self.station.resize(replicas)
        self.ends: list[float] = []
        self._seconds = seconds

    def ask(self, requests: int) -> None:
        """So many enter now."""
        for _ in range(requests):
            self.server.enter(ServiceAttempt(self._seconds, (), False, lambda _: self.ends.append(self.agenda.now)))


def test_new_replicas_come_after_their_start() -> None:
    """The second request waits until the second replica is there; it is paid for from the beginning of its start."""
    served = Served(replicas=1, seconds=9)
    served.ask(2)
    served.agenda.advance_to(1)
    served.station.resize(2, start_up=3)
    served.agenda.finish()
    assert served.ends == [9, 13]
    assert served.station.seconds(13) == 13 + 12


def test_removed_replicas_finish_their_batch() -> None:
    """Nothing is lost; the queue is served by those that stay."""
    served = Served(replicas=2, seconds=2)
    served.ask(4)
    served.agenda.advance_to(1)
    served.station.resize(1)
    assert served.server.replicas == 1
    served.agenda.finish()
    assert served.ends == [2, 2, 4, 6]


def test_replicas_that_start_up_are_removed_first() -> None:
    """Fewer are wanted again before the new ones have come: those that work stay."""
    served = Served(replicas=1, seconds=9)
    served.station.resize(3, start_up=5)
    served.agenda.advance_to(1)
    served.station.resize(2, start_up=5)
    served.agenda.advance_to(4)
    assert served.server.replicas == 1
    served.agenda.advance_to(6)
    assert served.server.replicas == 2


def test_other_batches_hold_from_the_next_one_on() -> None:
    """What waits is taken together once the batch allows it."""
    served = Served(replicas=1, seconds=2)
    served.ask(3)
    served.agenda.advance_to(1)
    served.server.configure(ReplicaStation("read", batch=2))
    served.agenda.finish()
    assert served.ends == [2, 6, 6]
