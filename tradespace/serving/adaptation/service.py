"""A menu served in simulation: requests are admitted one by one, and what became of each is written down."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tradespace.explorer.load.stations import OfferedRequests
from tradespace.serving.adaptation.ahead import Ahead
from tradespace.serving.adaptation.menu import Menu, Option, Variant
from tradespace.serving.adaptation.network import ReplicaNetwork

Admission = Callable[[Ahead], Variant]
"""The pipeline for a request that finds so much before it."""


class SimulatedService:
    """Replicas that hold all variants of a menu, and the requests that are offered to them.

    Attributes:
        network: the replicas.
        latency: seconds from arrival to answer, of shape (requests,); infinite until it is answered.
        accuracy: of the pipeline that each was given, of shape (requests,).
    """

    def __init__(self, menu: Menu, option: Option, offered: OfferedRequests) -> None:
        self.network = ReplicaNetwork(option.stations, self._answered)
        self.latency = np.full(len(offered.arrivals), np.inf)
        self.accuracy = np.full(len(offered.arrivals), np.nan)
        self._arrivals: list[float] = offered.arrivals.tolist()
        self._questions: list[int] = offered.questions.tolist()
        self._variants = menu.variants
        self._next = 0
        self._expect(option)

    def change(self, option: Option, start_up: float) -> None:
        """Go on with another option; see `ReplicaNetwork.change`."""
        self.network.change(option.stations, start_up)
        self._expect(option)

    def _expect(self, option: Option) -> None:
        """What requests will take of replicas, their batches full."""
        self._expected = {
            variant: [variant.batch_seconds(place, size) / size for place, size in enumerate(option.batches)]
            for variant in self._variants
        }

    def run_until(self, time: float, admit: Admission) -> None:
        """Let the time pass, and admit what comes meanwhile."""
        arrivals, network = self._arrivals, self.network
        while self._next < len(arrivals) and arrivals[self._next] < time:
            network.advance_to(arrivals[self._next])
            self._enter(admit(network.ahead))
        network.advance_to(time)

    def run(self, admit: Admission) -> None:
        """Admit all requests, and answer them."""
        last = self._arrivals[-1] if self._arrivals else 0.0
        self.run_until(float(np.nextafter(last, np.inf)), admit)
        self.network.finish()

    def _enter(self, variant: Variant) -> None:
        number = self._next
        self.accuracy[number] = variant.accuracy
        self.network.enter(number, variant.rows[self._questions[number]], self._expected[variant], variant.kinds)
        self._next += 1

    def _answered(self, number: int, second: float) -> None:
        self.latency[number] = second - self._arrivals[number]
