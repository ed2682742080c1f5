"""Which stations of a pipeline must be simulated together."""

from __future__ import annotations

from dataclasses import replace

from tradespace.explorer.load.blocks import blocks_of
from tradespace.explorer.load.profiles import BatchProfile, SharingProfile
from tradespace.explorer.load.stations import ProviderStation, ReplicaStation, SharedStation, Station

SLOWING = BatchProfile(busy=(1, 2), factors=((1.0, 1.5),))
CPU = ReplicaStation("find", profile=SLOWING, host="cpu")
GPU = ReplicaStation("read", profile=SLOWING, host="gpu")
SHARED = SharedStation("generate", SharingProfile())
PROVIDER = ProviderStation("judge")


def blocks(*stations: Station) -> list[tuple[int, ...]] | None:
    """Positions of each block; those that are coupled begin with a -1."""
    found = blocks_of(stations)
    return (
        None if found is None else [(-1, *block.positions) if block.coupled else (*block.positions,) for block in found]
    )


def test_stations_that_have_their_hosts_to_themselves_are_apart() -> None:
    """As are those whose batches take as long in company."""
    assert blocks(CPU, GPU, PROVIDER, SHARED) == [(0,), (1,), (2,), (3,)]
    assert blocks(ReplicaStation("find", replicas=9), ReplicaStation("read")) == [(0,), (1,)]


def test_replicas_that_slow_each_other_are_coupled() -> None:
    """Two of one station, or of two stations of one host, with all that stands between them."""
    assert blocks(replace(CPU, replicas=2), GPU) == [(-1, 0), (1,)]
    assert blocks(PROVIDER, CPU, GPU, CPU, SHARED) == [(0,), (-1, 1, 2, 3), (4,)]


def test_blocks_that_overlap_are_one() -> None:
    """What lies between stations of one host may belong to another that is coupled, too."""
    assert blocks(CPU, GPU, CPU, GPU) == [(-1, 0, 1, 2, 3)]
    assert blocks(CPU, CPU, GPU, GPU) == [(-1, 0, 1), (-1, 2, 3)]


def test_a_shared_server_amid_coupled_stations_needs_all_events() -> None:
    """Behind them it doesn't."""
    assert blocks(CPU, SHARED, CPU) is None
    assert blocks(CPU, CPU, SHARED) == [(-1, 0, 1), (2,)]
