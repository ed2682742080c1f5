"""What a deployment will do at a load, by simulation: the accuracy of its answers, and how many keep the bound."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tradespace.explorer.load.arrivals import first_arrivals
from tradespace.explorer.load.stations import OfferedRequests
from tradespace.search_space.deployment import Load
from tradespace.serving.adaptation.forecasts import ExpectedLoad
from tradespace.serving.adaptation.menu import Menu, Option, ServiceBound, Variant
from tradespace.serving.adaptation.service import Admission, SimulatedService

SIMULATED_REQUESTS = 2000
RATE_STEP = 1.05
"""Rates are rounded up to powers of this, so that what was simulated once serves again."""
BURSTINESS_STEP = 0.5
SIMULATION_SEED = 0
"""The same requests come in every simulation, so that options differ by what they are."""


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a deployment does at a load.

    Attributes:
        attained: the share of answers within the bound.
        accuracy: the mean accuracy of the pipelines that gave them.
        in_time: the same, if an answer beyond the bound is worth nothing.
    """

    attained: float
    accuracy: float
    in_time: float

    def accuracy_with(self, late_worth: float) -> float:
        """The mean accuracy, if a late answer is worth this share of one in time."""
        return self.in_time + late_worth * (self.accuracy - self.in_time)


class Foreteller:
    """Simulates deployments at the loads that are asked about, each once: a decision soon takes no simulation."""

    def __init__(self, menu: Menu) -> None:
        self._menu = menu
        self._known = _known_of(menu.variants, menu.bound)

    def cheapest(self, variant: Variant, outlook: ExpectedLoad) -> Option | None:
        """A pipeline in the cheapest deployment in which it keeps the bound at a load; None where there is none."""
        options = (self._menu.option(variant, deployment) for deployment in self._menu.deployments)
        return next((option for option in options if self._keeps(option, outlook)), None)

    def _keeps(self, option: Option, outlook: ExpectedLoad) -> bool:
        return option.throughput > outlook.rate and self.foretold(option, outlook).attained >= self._menu.bound.share

    def foretold(self, option: Option, outlook: ExpectedLoad, admit: Admission | None = None) -> Foretold:
        """What comes of an option at a load, if each request is given the pipeline that `admit` says; that of the
        option without it."""
        rate, burstiness = _rounded(outlook)
        key = (option.deployment, admit or option.variant, rate, burstiness)
        if key not in self._known:
            self._known[key] = self._simulated(option, admit or (lambda ahead: option.variant), rate, burstiness)
        return self._known[key]

    def _simulated(self, option: Option, admit: Admission, rate: float, burstiness: float) -> Foretold:
        arrivals = first_arrivals(Load(rate, burstiness), SIMULATED_REQUESTS, SIMULATION_SEED)
        questions = np.random.default_rng(SIMULATION_SEED).integers(
            len(option.variant.seconds), size=SIMULATED_REQUESTS
        )
        service = SimulatedService(self._menu, option, OfferedRequests(arrivals, questions))
        service.run(admit)
        within = service.latency <= self._menu.bound.seconds
        shares = (within, service.accuracy, service.accuracy * within)
        return Foretold(*(float(values.mean()) for values in shares))


@lru_cache(maxsize=8)
def _known_of(variants: tuple[Variant, ...], bound: ServiceBound) -> dict[Hashable, Foretold]:
    """What has been simulated of some pipelines with a bound: menus that differ in weights or budget share it."""
    return {}


def _rounded(outlook: ExpectedLoad) -> tuple[float, float]:
    """The next higher rate and the nearest burstiness that are simulated."""
    power = math.ceil(math.log(max(outlook.rate, 1e-2)) / math.log(RATE_STEP) - 1e-9)
    return RATE_STEP**power, max(1.0, round(outlook.burstiness / BURSTINESS_STEP) * BURSTINESS_STEP)
