"""What is deployed, and the loads that it is offered: the cases of the validation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.load.records import Case
from tradespace.search_space.deployment import Load, StageGroup

ARRIVALS = {
    "poisson": Load(rate=1.0),
    "bursty": Load(rate=1.0, burstiness=2.0),
    "traced": Load(rate=1.0, trace="azure_conv"),
}
"""Stretched to the rate of each case."""


@dataclass(frozen=True, slots=True)
class System:
    """A deployed pipeline, and the utilisations that it is measured at.

    Attributes:
        space: name of a file in `spaces/`, of one pipeline.
        groups: that its stages are deployed in.
        arrivals: their name in `ARRIVALS`.
        utilisations: of its busiest group: two or more, so that its capacity between them is measured, too.
        slots: completions that the server of its model makes at once; 0 where no server is asked.
    """

    name: str
    space: str
    groups: tuple[StageGroup, ...]
    arrivals: str
    utilisations: tuple[float, ...]
    slots: int = 0

    @property
    def cases(self) -> tuple[Case, ...]:
        """All that is measured of it."""
        return tuple(Case(system=self.name, arrivals=self.arrivals, utilisation=level) for level in self.utilisations)


def _whole(replicas: int = 1, batch: int = 1, wait: float = 0.0) -> tuple[StageGroup, ...]:
    """Retriever and reader together in each process."""
    return (StageGroup(("retrieve", "generate"), replicas, batch, wait),)


SYSTEMS = (
    System("reader", "reader", _whole(), "poisson", (0.5, 0.9)),
    System("reader-2-replicas", "reader", _whole(replicas=2), "bursty", (0.3, 0.7)),
    System("reader-batch-4", "reader", _whole(batch=4, wait=0.01), "traced", (0.6, 0.8)),
    System(
        "reranked-batch-8",
        "reranked",
        (StageGroup(("retrieve", "rerank")), StageGroup(("generate",), batch=8)),
        "poisson",
        (0.7, 0.9),
    ),
    System("reasoner-batch-2", "reasoner", _whole(batch=2), "bursty", (0.5, 0.8)),
    System(
        "smollm2-4-slots",
        "smollm2",
        (StageGroup(("retrieve",)), StageGroup(("generate",))),
        "poisson",
        (0.4, 0.7),
        slots=4,
    ),
)
"""Chosen to hold every kind of pipeline, of arrivals, of batch and of utilisation within an hour and a quarter."""
STARTING = 45.0
"""Seconds that a system is allowed beside its runs: profiles, the server's start and its end."""
REHEARSING = 25.0
"""Seconds that a run is rehearsed for, about."""


def planned(systems: Sequence[System], repeats: int) -> Iterator[tuple[Case, int]]:
    """Each run, with its seed, in the order in which they are made: the repeats of a case follow the other cases of
    its system, so that what changes on the machine in time is part of their spread."""
    for system in systems:
        for seed in range(1, repeats + 1):
            for case in system.cases:
                yield case, seed


def plan_table(systems: Sequence[System], repeats: int, seconds: float) -> str:
    """The runs, and how long they take."""
    lines = [f"{case.name}: at least {seconds:.0f} s, seed {seed}" for case, seed in planned(systems, repeats)]
    minutes = (len(lines) * (seconds + REHEARSING) + len(systems) * STARTING) / 60
    return "\n".join([*lines, f"{len(lines)} runs; about {minutes:.0f} minutes in all"])
