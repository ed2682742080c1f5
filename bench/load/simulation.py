"""How fast requests are simulated, beside SimPy, with the same latency for each request.

    python -m bench.load.simulation

100,000 requests through three stages, by each way that the simulation has. The ways take turns, several rounds; the
median of processor time counts, and latencies of all requests are compared.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from bench.load.simpy_pipeline import simpy_latencies
from bench.page import table, write
from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.event_driven import simulate_by_events
from tradespace.explorer.load.profiles import BatchProfile, SharingProfile
from tradespace.explorer.load.simulation import simulate
from tradespace.explorer.load.stations import Demand, OfferedRequests, ReplicaStation, SharedStation

REQUESTS = 100_000
ROUNDS = 3
RATE = 20.0
BATCHED = BatchProfile(sizes=(1, 4), factors=((1.0,), (0.6,)), start=0.002)
SLOWED = BatchProfile(sizes=(1, 4), busy=(1, 3), factors=((1.0, 1.4), (0.6, 0.9)), start=0.002)
PLAIN = (
    ReplicaStation("find"),
    ReplicaStation("rerank", replicas=2, batch=4, wait=0.005, profile=BATCHED),
    ReplicaStation("read", replicas=4, batch=4, profile=BATCHED),
)
KINDS: dict[str, Sequence[ReplicaStation | SharedStation]] = {
    "replicas and batches, hosts apart": PLAIN,
    "replicas that slow each other": [replace(station, profile=SLOWED, host=station.name) for station in PLAIN],
    "a shared server": [*PLAIN[:2], SharedStation("generate", SharingProfile((1, 8), (1.0, 2.5), slots=8))],
}


@dataclass(frozen=True, slots=True)
class Speed:
    """Processor seconds of one way, and how far its latencies are off SimPy's, at most."""

    seconds: float
    off: float


def by_events(stations: Sequence[ReplicaStation | SharedStation], demand: Demand, offered: OfferedRequests) -> Floats:
    """By the event-driven core, which is right for every station."""
    return simulate_by_events(stations, demand, offered, seed=0, scatter=True).latency


def by_the_fastest_way(
    stations: Sequence[ReplicaStation | SharedStation], demand: Demand, offered: OfferedRequests
) -> Floats:
    """As a prediction does."""
    return simulate(stations, demand, offered).latency


WAYS: dict[str, Callable[..., Floats]] = {
    "simulate": by_the_fastest_way,
    "event-driven core": by_events,
    "SimPy": simpy_latencies,
}


def workload() -> tuple[Demand, OfferedRequests]:
    """Questions that are slow at one stage are slow at the others; arrivals are Poisson."""
    generator = np.random.default_rng(0)
    difficulty = generator.lognormal(0, 0.4, (500, 1))
    demand = Demand(difficulty * generator.lognormal(np.log([0.01, 0.06, 0.09]), 0.2, (500, 3)))
    arrivals = np.cumsum(generator.exponential(1 / RATE, REQUESTS))
    return demand, OfferedRequests(arrivals, generator.integers(0, 500, REQUESTS))


def measured(stations: Sequence[ReplicaStation | SharedStation]) -> dict[str, Speed]:
    """All ways on the same requests, in turns."""
    demand, offered = workload()
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    latencies: dict[str, Floats] = {}
    for _ in range(ROUNDS):
        for way, run in WAYS.items():
            begin = time.process_time()
            latencies[way] = run(stations, demand, offered)
            seconds[way].append(time.process_time() - begin)
    return {way: Speed(median(seconds[way]), float(abs(latencies[way] - latencies["SimPy"]).max())) for way in WAYS}


def rows() -> list[list[str]]:
    """One for each kind of stations and way."""
    return [
        [
            f"{kind}: {way}",
            f"{speed.seconds:.2f}",
            f"{speeds['SimPy'].seconds / speed.seconds:.1f} ×",
            f"{speed.off:.0e} s",
        ]
        for kind, speeds in ((kind, measured(stations)) for kind, stations in KINDS.items())
        for way, speed in speeds.items()
    ]


if __name__ == "__main__":
    columns = [
        "100,000 requests through three stages",
        "processor seconds",
        "as fast as SimPy",
        "latencies differ by at most",
    ]
    write("load simulation", table(columns, rows()))
