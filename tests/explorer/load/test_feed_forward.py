"""Which stations can be computed one after the other."""

from __future__ import annotations

from dataclasses import replace

from tradespace.explorer.load.feed_forward import independent
from tradespace.explorer.load.profiles import BatchProfile
from tradespace.explorer.load.stations import ProviderStation, ReplicaStation

SLOWING = BatchProfile(busy=(1, 2), factors=((1.0, 1.5),))


def test_replicas_that_slow_each_other_are_not_independent() -> None:
    """Two of one station, or of two stations of one host; those of two hosts are."""
    find, read = (
        ReplicaStation("find", profile=SLOWING, host="cpu"),
        ReplicaStation("read", profile=SLOWING, host="gpu"),
    )
    assert independent([find, read, ProviderStation("generate")])
    assert not independent([replace(find, replicas=2), read])
    assert not independent([find, replace(read, host="cpu")])
    assert independent([ReplicaStation("find", replicas=9), ReplicaStation("read")])
