"""Policies against a slow tail: what they are computed to do, beside what the real server does.

    python -m bench.load.tails [--seconds 120]

One reader that sleeps about 20 ms, and 300 ms in 4 of 100 calls, is served in four processes under the same arrivals
with each policy: none, a second request after the 90th percentile, two retries after timeouts, a fallback after a
timeout. Kept in runs/load/tails.json.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from bench.load.made import made_server
from bench.load.parts import Echo, Sleeper
from bench.load.records import FOLDER, Kept, keep
from bench.load.serving import BATCHES, WORK, by_group
from bench.page import table
from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.simulation import simulate
from tradespace.explorer.load.stations import Demand, OfferedRequests, ReplicaStation
from tradespace.search_space.deployment import PATIENT, TailPolicy
from tradespace.serving.load_generator.generator import generate_load
from tradespace.types import Question

FILE = FOLDER / "tails.json"
SLEEPER = Sleeper(seconds=0.02, slow=0.3, share=0.04)
REPLICAS, RATE = 4, 30.0
TIMEOUT = 0.1
POLICIES: Mapping[str, TailPolicy] = {
    "patience": PATIENT,
    "hedge after p90": TailPolicy(hedge_after=0.9),
    "timeout, two retries": TailPolicy(timeout=TIMEOUT, retries=2),
    "timeout, fallback": TailPolicy(timeout=TIMEOUT, fallback=repr(Echo())),
}
GROUP = "retrieve + generate"
DRAWS, ATTEMPTS = 20_000, 5


class Effect(Kept):
    """What a policy comes to.

    Attributes:
        p99: of the latency, in seconds.
        load: replica-seconds of a request.
        fell_back: the share of requests that the fallback answered.
    """

    p99: float
    load: float
    fell_back: float


class Compared(Kept):
    """A policy as computed and as measured."""

    policy: str
    predicted: Effect
    measured: Effect


class Tails(Kept):
    """All policies."""

    compared: tuple[Compared, ...]


def main() -> None:
    """Compute, measure, keep and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120.0, help="of each run")
    tails = Tails(compared=tuple(compared(parser.parse_args().seconds, FOLDER)))
    keep(tails, FILE)
    print(tail_table(tails))


def compared(seconds: float, folder: Path) -> Iterator[Compared]:
    """Each policy under the same arrivals."""
    arrivals = np.cumsum(np.random.default_rng(0).exponential(1 / RATE, size=int(RATE * seconds)))
    for name, policy in POLICIES.items():
        effect = predicted(policy, arrivals)
        yield Compared(policy=name, predicted=effect, measured=measured(policy, arrivals, folder))


def predicted(policy: TailPolicy, arrivals: Floats) -> Effect:
    """From the seconds that calls take, drawn as the component draws them."""
    drawn = draws()
    demand = Demand(drawn[:, :1], repeats={0: drawn[:, 1:]}, fallbacks={0: np.zeros(DRAWS)} if policy.fallback else {})
    station = ReplicaStation(GROUP, REPLICAS, tail=policy)
    offered = OfferedRequests(arrivals, np.arange(len(arrivals)) % DRAWS)
    outcome = simulate((station,), demand, offered)
    p99 = float(np.quantile(outcome.latency, 0.99, method="higher"))
    return Effect(p99=p99, load=float(outcome.busy[0]) / len(arrivals), fell_back=float(outcome.fell_back.mean()))


def draws() -> Floats:
    """Seconds of calls, of shape (questions, attempts)."""
    chance = random.Random(1)
    return np.array([[SLEEPER.drawn(chance) for _ in range(ATTEMPTS)] for _ in range(DRAWS)])


def measured(policy: TailPolicy, arrivals: Floats, folder: Path) -> Effect:
    """By the server's own account and that of its clients."""
    hedge = float(np.quantile(draws()[:, 0], policy.hedge_after)) if policy.hedge_after else None
    with made_server("tails", SLEEPER, folder, replicas=REPLICAS, tail=policy, hedge_seconds=hedge) as server:
        record = generate_load(server.url, arrivals.tolist(), [Question("0", "any")])
        worked, batches = by_group(server, WORK), by_group(server, BATCHES)
    latency = np.array([request.latency for request in record.requests])
    return Effect(
        p99=float(np.quantile(latency, 0.99, method="higher")),
        load=worked[GROUP] / len(latency),
        fell_back=batches.get(f"{GROUP} (fallback)", 0.0) / len(latency),
    )


def tail_table(tails: Tails) -> str:
    """Each policy as computed and as measured."""
    rows = [
        [
            each.policy,
            *(f"{effect.p99 * 1000:.0f}" for effect in (each.predicted, each.measured)),
            *(f"{effect.load * 1000:.1f}" for effect in (each.predicted, each.measured)),
            *(f"{effect.fell_back:.1%}" for effect in (each.predicted, each.measured)),
        ]
        for each in tails.compared
    ]
    columns = ["", "p99 predicted, ms", "measured", "load of a request predicted, ms", "measured"]
    return table([*columns, "fell back, predicted", "measured"], rows)


if __name__ == "__main__":
    main()
