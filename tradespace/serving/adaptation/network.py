"""Groups of replicas in simulation that hold several pipelines: which one answers is said when a request comes.

It is made of the servers of `tradespace.explorer.load`. What that room simulates is offered all requests beforehand;
here what a request asks for may depend on the queue that it finds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple

from tradespace.explorer.load.agenda import Agenda
from tradespace.explorer.load.attempts import ServiceAttempt, scatter_factors
from tradespace.explorer.load.provisioning import ProvisionedStation
from tradespace.explorer.load.replica_server import ReplicaServer, WorkingReplicas
from tradespace.explorer.load.stations import ReplicaStation
from tradespace.serving.adaptation.ahead import Ahead

AnswerObserver = Callable[[int, float], None]
"""Is told the number of a request that was answered, and the second."""


class _KindredAttempt(ServiceAttempt):
    """One that shares batches only with those of its kind."""

    __slots__ = ("kind",)

    def __init__(self, seconds: float, kind: Hashable, ended: Callable[[ServiceAttempt], None]) -> None:
        super().__init__(seconds, (), False, ended)
        self.kind = kind


class KindredReplicaServer(ReplicaServer):
    """Batches as the queue of a real server does (`tradespace.serving.batching`): the first, and those of its kind
    behind it."""

    def _taken(self, is_due: bool) -> list[ServiceAttempt]:
        batch, queue = self.station.batch, self._queue
        if batch == 1:
            return [queue.popleft()]
        taken = list(islice(self._kindred(), batch))
        if len(taken) < batch and not is_due:
            return []
        for attempt in taken:
            queue.remove(attempt)
        return taken

    def _kindred(self) -> Iterator[ServiceAttempt]:
        """What waits that is of the kind of the first."""
        kinds = ((attempt, attempt.kind) for attempt in self._queue if isinstance(attempt, _KindredAttempt))
        first, kind = next(kinds)
        yield first
        yield from (attempt for attempt, other in kinds if other == kind)


class _Group:
    """A group of replicas, and the requests that are not through it: how many, and how long they will occupy it."""

    __slots__ = ("expected", "inside", "provisioned", "server")

    def __init__(self, agenda: Agenda, station: ReplicaStation, working: WorkingReplicas, place: int) -> None:
        self.inside = 0
        self.expected = 0.0
        self.server = KindredReplicaServer(agenda, station, working, scatter_factors(station.profile.error, (0, place)))
        self.provisioned = ProvisionedStation(agenda, self.server)
        self.provisioned.resize(station.replicas)


class _Entered(NamedTuple):
    """A request under way; see `ReplicaNetwork.enter`."""

    number: int
    seconds: Sequence[float]
    expected: Sequence[float]
    kinds: Sequence[Hashable]


class ReplicaNetwork:
    """Groups of replicas in a row, which requests visit one after the other.

    Args:
        stations: of the groups; their replicas are ready at once.
        answered: is told of every answer.
    """

    def __init__(self, stations: Sequence[ReplicaStation], answered: AnswerObserver) -> None:
        self._agenda = Agenda()
        self._answered = answered
        hosts = {station.host: WorkingReplicas() for station in stations}
        self._groups = [
            _Group(self._agenda, station, hosts[station.host], place) for place, station in enumerate(stations)
        ]

    def change(self, stations: Sequence[ReplicaStation], start_up: float) -> None:
        """From now on batches are of these sizes. New replicas take `start_up` seconds to come; those that are too many
        leave after their batch. No request is dropped."""
        for group, station in zip(self._groups, stations, strict=True):
            group.server.configure(station)
            group.provisioned.resize(station.replicas, start_up)

    @property
    def ahead(self) -> Ahead:
        """What a request that comes now finds before it."""
        groups = self._groups
        return Ahead(
            tuple([group.inside for group in groups]),
            tuple([group.expected for group in groups]),
            tuple([group.server.replicas for group in groups]),
        )

    def replica_seconds(self) -> list[float]:
        """For how long replicas were there or started up until now, by group."""
        return [group.provisioned.seconds(self._agenda.now) for group in self._groups]

    def advance_to(self, second: float) -> None:
        """Let everything happen that is due up to this second."""
        self._agenda.advance_to(second)

    def finish(self) -> None:
        """Let all requests end."""
        self._agenda.finish()

    def enter(
        self, number: int, seconds: Sequence[float], expected: Sequence[float], kinds: Sequence[Hashable]
    ) -> None:
        """Let a request come now, which takes so long alone in each group, is expected to occupy a replica for so long,
        and shares batches with those of its kind."""
        for group, occupied in zip(self._groups, expected, strict=True):
            group.inside += 1
            group.expected += occupied
        self._visit(_Entered(number, seconds, expected, kinds), 0)

    def _visit(self, request: _Entered, place: int) -> None:
        ended = partial(self._visited, request, place)
        self._groups[place].server.enter(_KindredAttempt(request.seconds[place], request.kinds[place], ended))

    def _visited(self, request: _Entered, place: int, _: ServiceAttempt) -> None:
        group = self._groups[place]
        group.inside -= 1
        group.expected -= request.expected[place]
        if place + 1 < len(self._groups):
            self._visit(request, place + 1)
        else:
            self._answered(request.number, self._agenda.now)
