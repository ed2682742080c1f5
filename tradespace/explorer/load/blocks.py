"""Which stations of a pipeline must be simulated together, and which can be by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradespace.explorer.load.stations import ReplicaStation, SharedStation, Station


@dataclass(frozen=True, slots=True)
class StationBlock:
    """Stations that follow each other.

    Attributes:
        positions: theirs.
        coupled: whether replicas in it slow each other; otherwise it is one station.
    """

    positions: range
    coupled: bool


def blocks_of(stations: Sequence[Station]) -> tuple[StationBlock, ...] | None:
    """The stations from the first to the last of each host whose replicas slow each other, and each other one alone.

    None where a shared server stands amid stations that are coupled.
    """
    blocks = [StationBlock(range(position, position + 1), False) for position in range(len(stations))]
    for first, last in sorted(_coupled_spans(stations)):
        before = [block for block in blocks if block.positions.stop <= first]
        inside = [block for block in blocks if block.positions.stop > first and block.positions.start <= last]
        after = [block for block in blocks if block.positions.start > last]
        joined = range(inside[0].positions.start, inside[-1].positions.stop)
        blocks = [*before, StationBlock(joined, True), *after]
    amid = [
        block
        for block in blocks
        if block.coupled and any(isinstance(stations[at], SharedStation) for at in block.positions)
    ]
    return None if amid else tuple(blocks)


def _coupled_spans(stations: Sequence[Station]) -> list[tuple[int, int]]:
    hosts: dict[str, list[int]] = {}
    for position, station in enumerate(stations):
        if isinstance(station, ReplicaStation):
            hosts.setdefault(station.host, []).append(position)
    return [(on[0], on[-1]) for on in hosts.values() if _slow_each_other([stations[position] for position in on])]


def _slow_each_other(stations: Sequence[Station]) -> bool:
    """Whether a host has several replicas, and some batch takes longer in company."""
    replicas = [station for station in stations if isinstance(station, ReplicaStation)]
    return sum(station.replicas for station in replicas) > 1 and any(
        len(set(factors)) > 1 for station in replicas for factors in station.profile.factors
    )
